"""Applications: the queue, drafts, what is wrong with one, and its submission."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cardservice.accounts.rights import Right
from cardservice.domain.lives import ApplicationState
from cardservice.registry.applications import SaveDraft, StartDraft, save_draft, start_draft
from cardservice.registry.applications_reading import applications_due, queue, view_application
from cardservice.registry.applications_submitting import (
    SubmitApplication,
    check_application,
    submit,
)
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.applications import (
    certificates,
    deciding,
    documents,
    filing,
    own,
    removing,
    status,
    uploads,
)
from cardservice.web.api.applications.form import ApplicationForm
from cardservice.web.api.applications.models import ApplicationShown, Findings, QueueRow, shown
from cardservice.web.api.commands import Change, Sent
from cardservice.web.api.common import (
    API,
    JSON_MAX,
    NOT_FOUND,
    Done,
    Model,
    PageOf,
    problems,
)
from cardservice.web.api.finding import faults
from cardservice.web.api.paging import Wish
from cardservice.web.api.typed import Named
from cardservice.web.office.asking import Asking, asking
from cardservice.web.problems import ProgramLanguage

router = APIRouter(prefix=API, tags=["applications"], responses=problems(), max_body_size=JSON_MAX)
Reading = Annotated[Asking, asking(Right.APPLICATION_READ)]
Entering = Annotated[Asking, asking(Right.APPLICATION_ENTER)]
Checked = Annotated[int, Query(ge=1, lt=2**31, description="The version that was seen.")]
_LIST = "applications"


class NewApplication(Model):
    """A new draft; the same ``source`` is taken once, however often it is sent."""

    form: ApplicationForm = ApplicationForm()
    source: Named | None = None


@router.get("/applications", response_model=PageOf[QueueRow], responses=SEEN)
def api_list_applications(
    who: Reading,
    *,
    state: Annotated[ApplicationState, Query()] = ApplicationState.SUBMITTED,
    due: Annotated[bool, Query(description="Only what is overdue or nearly.")] = False,
    wish: Wish,
    known: Known = None,
) -> Response:
    """The applications in a state, the soonest due first; nothing of their persons."""
    read = applications_due if due else queue
    page = read(who.office, who.actor, region=who.region, state=state, ask=wish.ask(_LIST))
    rows = [QueueRow.model_validate(one) for one in page.rows]
    return answered(PageOf(items=rows, next=wish.after(page.after, _LIST)), known)


@router.post("/applications", status_code=201)
def api_start_application(who: Entering, sent: Sent, new: NewApplication) -> Done:
    """Begin a draft; its number is what its applicant finds it by."""
    command = StartDraft(region=who.region, key=sent.key, form=new.form.plain(), source=new.source)
    return sent.created(start_draft(who.office, who.actor, command), under=_LIST)


@router.get(
    "/applications/{application_id}",
    response_model=ApplicationShown,
    responses=SEEN | NOT_FOUND,
)
def api_show_application(who: Reading, application_id: UUID, known: Known = None) -> Response:
    """One application as a whole; the look at its person is recorded."""
    file = view_application(who.office, who.actor, region=who.region, application_id=application_id)
    return answered(shown(file), known, version=file.application.version)


@router.put("/applications/{application_id}/form", responses=NOT_FOUND)
def api_save_application(
    who: Entering,
    application_id: UUID,
    *,
    sent: Change,
    form: ApplicationForm,
) -> Done:
    """Keep a draft as it is now; what is left out is empty then."""
    command = SaveDraft(
        region=who.region,
        key=sent.key,
        application_id=application_id,
        version=sent.version,
        form=form.plain(),
    )
    return sent.done(save_draft(who.office, who.actor, command))


@router.get(
    "/applications/{application_id}/findings",
    response_model=Findings,
    responses=SEEN | NOT_FOUND,
)
def api_check_application(
    who: Entering,
    application_id: UUID,
    version: Checked,
    *,
    language: ProgramLanguage,
    known: Known = None,
) -> Response:
    """What would be wrong or doubtful if it were submitted now; nothing changes."""
    found = check_application(
        who.office, who.actor, region=who.region, application_id=application_id, version=version
    )
    return answered(Findings(findings=faults(found, language)), known)


@router.post("/applications/{application_id}/submission", responses=NOT_FOUND)
def api_submit_application(
    who: Entering,
    application_id: UUID,
    *,
    sent: Change,
) -> Done:
    """File a draft as it is kept; every error stands beside its field (422, ``findings``)."""
    command = SubmitApplication(
        region=who.region, key=sent.key, application_id=application_id, version=sent.version
    )
    return sent.done(submit(who.office, who.actor, command))


for part in (certificates, deciding, documents, filing, own, removing, status, uploads):
    router.include_router(part.router)
