"""One application: scans beside fields, what the register knows, and what can be done now."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.domain.lives import ApplicationEvent, ApplicationState, CertificateState
from cardservice.domain.reasons import ApplyReason
from cardservice.domain.terms import Standing, standing
from cardservice.registry.frame import Office
from cardservice.registry.ports_applications import Document
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, by_field
from cardservice.web.office.queue.case import Case, read_case
from cardservice.web.office.queue.offers import needs_another, possible_events
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent
from cardservice.web.signin.context import Visit, Visiting

ADDRESS: Final = "/office/applications/{application_id}"
_FILED: Final = frozenset(
    {
        ApplicationState.SUBMITTED,
        ApplicationState.DOCUMENTS_NEEDED,
        ApplicationState.APPROVED,
    }
)
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Reader = Annotated[Asking, asking(Right.APPLICATION_READ)]


@router.get(ADDRESS)
def show_case(visit: Visiting, asking: Reader, application_id: UUID) -> Response:
    """Show an application as a whole."""
    return case_page(visit, asking, application_id)


def case_page(
    visit: Visit,
    asking: Asking,
    application_id: UUID,
    sent: Sent = FRESH,
) -> Response:
    """Return the page of an application, perhaps with what was refused.

    Raises:
        Refusal: ``not-found``, ``role-not-allowed``.
    """
    case = read_case(asking, application_id)
    return show(
        "queue/case.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        case=case,
        checked=by_field(case.findings),
        documents=tuple(_documents(case)),
        photo=_photo(case),
        standing=due_standing(asking.office, case.file.application.due_on),
        place_options=[(str(one.id), f"{one.name}, {one.address}") for one in case.places],
        **_offers(case, asking),
    )


def due_standing(office: Office, due_on: date | None) -> Standing | None:
    """Return where a thing due on ``due_on`` stands today, None if it is due on no day."""
    if due_on is None:
        return None
    days = office.settings.rules.warning_days.value
    return standing(due_on, office.today, warning_days=days)


def _photo(case: Case) -> Document | None:
    name = case.file.draft.photo
    return next((one for one in case.file.documents if str(one.id) == name), None)


def _documents(case: Case) -> list[dict[str, Any]]:
    """Return what the form says of each document, and its row with the scan if there is one."""
    rows = {str(one.id): one for one in case.file.documents}
    return [
        {"path": f"documents.{index}", "said": one, "row": rows.get(one.scan or "")}
        for index, one in enumerate(case.file.draft.documents)
    ]


def _offers(case: Case, asking: Asking) -> dict[str, Any]:
    """Return what the page offers: the buttons, and why one is not there."""
    may_enter = asking.may(Right.APPLICATION_ENTER)
    events = possible_events(case, asking)
    another = needs_another(case, asking)
    may_certify = may_enter and _lacks_certificate(case)
    return {
        "events": {one.value for one in events},
        "needs_another": another and ApplicationEvent.APPROVE in events,
        "may_attach": may_enter and case.is_open,
        "may_certify": may_certify,
        "certify_next": may_certify and _was_just_entered(case, asking),
        "may_read_people": asking.may(Right.PERSON_READ),
        "prints": asking.parts.papers is not None,
        "draws_numbers": asking.office.settings.draws_policy_numbers,
    }


def _lacks_certificate(case: Case) -> bool:
    serving = any(one.state == CertificateState.ISSUED.value for one in case.file.certificates)
    return case.state in _FILED and not serving


def _was_just_entered(case: Case, asking: Asking) -> bool:
    """Return whether who asks entered it and its person stands at the desk without a policy."""
    application = case.file.application
    has_policy = application.reason == ApplyReason.INSURER_CHANGE.value
    return case.is_open and application.entered_by == asking.actor.name and not has_policy
