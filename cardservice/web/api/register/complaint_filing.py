"""Complaints filed: by whoever knows number and birth date, by an applicant, at the office."""

from collections.abc import Iterable
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response, UploadFile

from cardservice.accounts.rights import Right
from cardservice.domain.roles import Role
from cardservice.registry.actor import Actor
from cardservice.registry.complaints import (
    MOST_ATTACHMENTS,
    Attachment,
    FileComplaint,
    WithdrawComplaint,
    file_complaint,
    withdraw_complaint,
)
from cardservice.uploads.receiving import SCAN_OCTETS
from cardservice.uploads.vault import ScanVault
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.applications.reading import own_id
from cardservice.web.api.applications.scans import TAKEN, keep_scan
from cardservice.web.api.commands import Change, Sent
from cardservice.web.api.common import JSON_MAX, NOT_FOUND, Done, PageOf
from cardservice.web.api.register.complaint_models import (
    VISITORS_FILES,
    LetterReceived,
    NewComplaint,
    OwnComplaint,
    OwnComplaintLine,
)
from cardservice.web.api.register.complaint_reading import application_known, own_complaints
from cardservice.web.at_once import at_once
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.parts import OfficeParts, office_parts
from cardservice.web.signin.context import Address, SignInParts

VISITORS_BODY: Final = VISITORS_FILES * SCAN_OCTETS + JSON_MAX
OFFICE_BODY: Final = MOST_ATTACHMENTS * SCAN_OCTETS + JSON_MAX
MULTIPART: Final = "multipart/form-data"
OWN: Final = "/own-application/complaints"
router = APIRouter(tags=["complaints"], responses=NOT_FOUND)
Parts = Annotated[OfficeParts, Depends(at_once(office_parts))]
Owning = Annotated[Asking, asking(Right.APPLICATION_OWN)]
Answering = Annotated[Asking, asking(Right.COMPLAINT_ANSWER)]


@router.post("/complaints", responses=TAKEN, max_body_size=VISITORS_BODY)
def api_file_complaint(
    parts: Parts,
    signing: SignInParts,
    address: Address,
    *,
    sent: Sent,
    new: Annotated[NewComplaint, Form(media_type=MULTIPART)],
) -> Done:
    """Complain about how an application was dealt with; ``number`` is the complaint's.

    A wrong number and a wrong date are answered alike. Open to all.
    """
    signing.forms.take(address)
    region, application_id = application_known(parts.office, new.number, new.birth_date)
    command = FileComplaint(
        region=region,
        key=sent.key,
        text=new.text,
        contact=new.contact,
        application_id=application_id,
        attachments=_kept(parts.vault, new.files),
    )
    who = Actor(application_id, Role.APPLICANT)
    return sent.done(file_complaint(parts.office, who, command))


@router.post("/complaints/letters", status_code=201, responses=TAKEN, max_body_size=OFFICE_BODY)
def api_enter_complaint(
    who: Answering, sent: Sent, new: Annotated[LetterReceived, Form(media_type=MULTIPART)]
) -> Done:
    """Enter a complaint that came by letter or was said at the office."""
    command = FileComplaint(
        region=who.region,
        key=sent.key,
        text=new.text,
        contact=new.contact,
        application_id=new.application_id,
        person_id=new.person_id,
        attachments=_kept(who.parts.vault, new.files),
    )
    return sent.created(file_complaint(who.office, who.actor, command), under="complaints")


@router.get(OWN, response_model=PageOf[OwnComplaintLine], responses=SEEN)
def api_list_own_complaints(who: Owning, known: Known = None) -> Response:
    """The complaints about the application that was signed in to, with their answers."""
    rows = [OwnComplaintLine.model_validate(one) for one in own_complaints(who)]
    return answered(PageOf(items=rows), known)


@router.post(OWN, responses=TAKEN, max_body_size=VISITORS_BODY)
def api_file_own_complaint(
    who: Owning, sent: Sent, new: Annotated[OwnComplaint, Form(media_type=MULTIPART)]
) -> Done:
    """Complain about how the application that was signed in to was dealt with."""
    command = FileComplaint(
        region=who.region,
        key=sent.key,
        text=new.text,
        contact=new.contact,
        application_id=own_id(who),
        attachments=_kept(who.parts.vault, new.files),
    )
    return sent.done(file_complaint(who.office, who.actor, command))


@router.post(OWN + "/{complaint_id:uuid}/withdrawal")
def api_withdraw_own_complaint(who: Owning, complaint_id: UUID, *, sent: Change) -> Done:
    """Say that one wants no answer any more."""
    command = WithdrawComplaint(
        region=who.region, key=sent.key, complaint_id=complaint_id, version=sent.version
    )
    return sent.done(withdraw_complaint(who.office, who.actor, command))


def _kept(vault: ScanVault, files: Iterable[UploadFile]) -> tuple[Attachment, ...]:
    scans = [keep_scan(vault, one) for one in files]
    return tuple(
        Attachment(
            content_hash=one.content_hash,
            wrapped_key=one.wrapped_key,
            media_type=one.media_type,
            size=one.size,
        )
        for one in scans
    )
