"""Documents of an application: attached, looked at, their scans."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response

from cardservice.accounts.rights import Right
from cardservice.registry.applications_documents import attach_document
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.applications.models import DocumentShown, document_shown
from cardservice.web.api.applications.reading import view_document
from cardservice.web.api.applications.scans import (
    SCAN_ANSWERS,
    SCAN_BODY,
    TAKEN,
    NewDocument,
    attaching,
    send_scan,
)
from cardservice.web.api.commands import Change
from cardservice.web.api.common import NOT_FOUND, Done
from cardservice.web.office.asking import Asking, asking

router = APIRouter()
Entering = Annotated[Asking, asking(Right.APPLICATION_ENTER)]
Reading = Annotated[Asking, asking(Right.DOCUMENT_READ)]


@router.post(
    "/applications/{application_id}/documents",
    status_code=201,
    responses=TAKEN,
    max_body_size=SCAN_BODY,
)
def api_attach_document(
    who: Entering,
    application_id: UUID,
    *,
    sent: Change,
    new: Annotated[NewDocument, Form(media_type="multipart/form-data")],
) -> Done:
    """Add a document to an application that is not decided; ``made`` names it.

    The answer is the application's: the next change names its version.
    """
    command = attaching(who, new, application_id=application_id, key=sent.key, version=sent.version)
    answer = attach_document(who.office, who.actor, command)
    return sent.created(answer, under="documents", id_=UUID(answer.made["document"]))


@router.get("/documents/{document_id}", response_model=DocumentShown, responses=SEEN | NOT_FOUND)
def api_show_document(who: Reading, document_id: UUID, known: Known = None) -> Response:
    """What a document says of itself; the look at its person is recorded."""
    found = view_document(who, document_id)
    return answered(document_shown(found), known, version=found.version)


@router.get("/documents/{document_id}/scan", response_class=Response, responses=SCAN_ANSWERS)
def api_send_scan(who: Reading, document_id: UUID, known: Known = None) -> Response:
    """The scan as it was kept; the look at its person is recorded."""
    return send_scan(who, view_document(who, document_id), known)
