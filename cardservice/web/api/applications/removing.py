"""The photo of an application, and documents taken off it again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, UploadFile

from cardservice.accounts.rights import Right
from cardservice.registry.applications_detaching import DetachDocument, detach_document
from cardservice.registry.applications_photo import AttachPhoto, attach_photo
from cardservice.registry.commands import Answer
from cardservice.web.api.applications.reading import own_id
from cardservice.web.api.applications.scans import SCAN_BODY, TAKEN, keep_scan
from cardservice.web.api.commands import Change, Changing
from cardservice.web.api.common import NOT_FOUND, Done, Model
from cardservice.web.office.apply.scanning import PICTURES
from cardservice.web.office.asking import Asking, asking

router = APIRouter(responses=NOT_FOUND)
Entering = Annotated[Asking, asking(Right.APPLICATION_ENTER)]
Owning = Annotated[Asking, asking(Right.APPLICATION_OWN)]


class NewPhoto(Model):
    """The photo of the person: JPEG or PNG, at most 10 MiB."""

    file: UploadFile


Photo = Annotated[NewPhoto, Form(media_type="multipart/form-data")]


@router.post("/applications/{application_id}/photo", responses=TAKEN, max_body_size=SCAN_BODY)
def api_attach_photo(who: Entering, application_id: UUID, *, sent: Change, new: Photo) -> Done:
    """Give an application that is not decided its photo, in place of an earlier one."""
    return sent.done(_attach(who, application_id, sent, new))


@router.post("/own-application/photo", responses=TAKEN, max_body_size=SCAN_BODY)
def api_attach_own_photo(who: Owning, *, sent: Change, new: Photo) -> Done:
    """Give the application that was signed in to its photo, in place of an earlier one."""
    return sent.done(_attach(who, own_id(who), sent, new))


@router.delete("/applications/{application_id}/documents/{document_id}")
def api_detach_document(
    who: Entering, application_id: UUID, document_id: UUID, *, sent: Change
) -> Done:
    """Take a document off a draft, or off what waits for documents; its scan goes within days."""
    return sent.done(_detach(who, application_id, document_id, sent))


@router.delete("/own-application/documents/{document_id}")
def api_detach_own_document(who: Owning, document_id: UUID, *, sent: Change) -> Done:
    """Take a document off the application that was signed in to."""
    return sent.done(_detach(who, own_id(who), document_id, sent))


def _attach(who: Asking, application_id: UUID, sent: Changing, new: NewPhoto) -> Answer:
    command = AttachPhoto(
        region=who.region,
        key=sent.key,
        application_id=application_id,
        version=sent.version,
        scan=keep_scan(who.parts.vault, new.file, kinds=PICTURES),
    )
    return attach_photo(who.office, who.actor, command)


def _detach(who: Asking, application_id: UUID, document_id: UUID, sent: Changing) -> Answer:
    command = DetachDocument(
        region=who.region,
        key=sent.key,
        application_id=application_id,
        version=sent.version,
        document_id=document_id,
    )
    return detach_document(who.office, who.actor, command)
