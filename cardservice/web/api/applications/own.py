"""One's own application: what an applicant who signed in may do with it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response

from cardservice.accounts.rights import Right
from cardservice.registry.applications import SaveDraft, save_draft
from cardservice.registry.applications_deciding import (
    BringDocuments,
    WithdrawApplication,
    bring_documents,
    withdraw,
)
from cardservice.registry.applications_documents import attach_document
from cardservice.registry.applications_submitting import (
    SubmitApplication,
    check_application,
    submit,
)
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.applications.form import ApplicationForm
from cardservice.web.api.applications.models import ApplicationShown, Findings, shown
from cardservice.web.api.applications.reading import own_application, own_document, own_id
from cardservice.web.api.applications.scans import (
    SCAN_ANSWERS,
    SCAN_BODY,
    TAKEN,
    NewDocument,
    attaching,
    send_scan,
)
from cardservice.web.api.commands import Change
from cardservice.web.api.common import (
    NOT_FOUND,
    Done,
)
from cardservice.web.api.finding import faults
from cardservice.web.office.asking import Asking, asking
from cardservice.web.problems import ProgramLanguage

router = APIRouter(prefix="/own-application", responses=NOT_FOUND)
Owning = Annotated[Asking, asking(Right.APPLICATION_OWN)]


@router.get("", response_model=ApplicationShown, responses=SEEN)
def api_show_own_application(who: Owning, known: Known = None) -> Response:
    """The application that was signed in to."""
    file = own_application(who)
    return answered(shown(file), known, version=file.application.version)


@router.put("/form")
def api_save_own_application(
    who: Owning,
    sent: Change,
    *,
    form: ApplicationForm,
) -> Done:
    """Keep the draft as it is now; what is left out is empty then."""
    command = SaveDraft(
        region=who.region,
        key=sent.key,
        application_id=own_id(who),
        version=sent.version,
        form=form.plain(),
    )
    return sent.done(save_draft(who.office, who.actor, command))


@router.get("/findings", response_model=Findings, responses=SEEN)
def api_check_own_application(
    who: Owning, language: ProgramLanguage, known: Known = None
) -> Response:
    """What would be wrong or doubtful if it were submitted now."""
    one = own_application(who).application
    found = check_application(
        who.office, who.actor, region=one.region, application_id=one.id, version=one.version
    )
    return answered(Findings(findings=faults(found, language)), known)


@router.post("/submission")
def api_submit_own_application(who: Owning, sent: Change) -> Done:
    """File the draft as it is kept; every error stands beside its field."""
    command = SubmitApplication(
        region=who.region, key=sent.key, application_id=own_id(who), version=sent.version
    )
    return sent.done(submit(who.office, who.actor, command))


@router.post("/documents", responses=TAKEN, max_body_size=SCAN_BODY)
def api_attach_own_document(
    who: Owning,
    sent: Change,
    *,
    new: Annotated[NewDocument, Form(media_type="multipart/form-data")],
) -> Done:
    """Add a document before the decision; ``made`` names it."""
    command = attaching(who, new, application_id=own_id(who), key=sent.key, version=sent.version)
    return sent.done(attach_document(who.office, who.actor, command))


@router.get("/documents/{document_id}/scan", response_class=Response, responses=SCAN_ANSWERS)
def api_send_own_scan(who: Owning, document_id: UUID, known: Known = None) -> Response:
    """The scan of a document of the application."""
    return send_scan(who, own_document(who, document_id), known)


@router.post("/resubmission")
def api_bring_own_documents(who: Owning, sent: Change) -> Done:
    """Say that the documents asked for are there; they were attached before."""
    command = BringDocuments(
        region=who.region, key=sent.key, application_id=own_id(who), version=sent.version
    )
    return sent.done(bring_documents(who.office, who.actor, command))


@router.post("/withdrawal")
def api_withdraw_own_application(who: Owning, sent: Change) -> Done:
    """Take the application back before it is decided."""
    command = WithdrawApplication(
        region=who.region, key=sent.key, application_id=own_id(who), version=sent.version
    )
    return sent.done(withdraw(who.office, who.actor, command))
