"""The queue: applications by state, the soonest due first."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from cardservice.accounts.rights import Right
from cardservice.domain.lives import ApplicationState
from cardservice.errors import Refusal
from cardservice.registry.applications_reading import find_application as numbered
from cardservice.registry.applications_reading import queue, queue_counts
from cardservice.registry.ports_applications import MOST_COUNTED
from cardservice.web.api.paging import PAGE_ROWS, Cursor, ask_for, cursor_of
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent
from cardservice.web.office.visitors.knowing import NUMBER, number_of
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

LIST: Final = "page.queue"
TABS: Final = (
    ApplicationState.SUBMITTED,
    ApplicationState.DOCUMENTS_NEEDED,
    ApplicationState.DRAFT,
    ApplicationState.APPROVED,
    ApplicationState.REFUSED,
    ApplicationState.WITHDRAWN,
)
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Reader = Annotated[Asking, asking(Right.APPLICATION_READ)]


@router.get("/office/queue")
def show_queue(
    visit: Visiting,
    asking: Reader,
    state: ApplicationState = ApplicationState.SUBMITTED,
    cursor: Cursor = "",
) -> Response:
    """Show fifty applications in a state."""
    return _page(visit, asking, state=state, cursor=cursor)


@router.post("/office/queue", dependencies=[OurForm])
def find_application(visit: Visiting, asking: Reader, fields: Fields) -> Response:
    """Lead to the application with that number."""
    try:
        number = number_of(fields)
        found = numbered(asking.office, asking.actor, region=asking.region, number=number)
    except Refusal as refusal:
        told = Refusal(refusal.code, refusal.sentence, field=NUMBER)
        return _page(visit, asking, Sent(told, fields))
    return RedirectResponse(f"/office/applications/{found.id}", HTTPStatus.SEE_OTHER)


def _page(
    visit: Visit,
    asking: Asking,
    sent: Sent = FRESH,
    *,
    state: ApplicationState = ApplicationState.SUBMITTED,
    cursor: str = "",
) -> Response:
    key = asking.parts.cursor_key
    ask = ask_for(cursor, PAGE_ROWS, key=key, of=f"{LIST}.{state}")
    page = queue(asking.office, asking.actor, region=asking.region, state=state, ask=ask)
    return show(
        "queue/queue.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        tabs=TABS,
        state_shown=state,
        counts=queue_counts(asking.office, asking.actor, region=asking.region),
        most_counted=MOST_COUNTED,
        lines=page.rows,
        is_first=not cursor,
        may_enter=asking.may(Right.APPLICATION_ENTER),
        forward=cursor_of(page.after, key=key, of=f"{LIST}.{state}"),
    )
