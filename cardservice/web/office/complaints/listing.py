"""Complaints by state, the soonest due first, so that late ones lead."""

from typing import Annotated, Final

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.domain.lives import ComplaintState
from cardservice.registry.complaints_reading import complaints_in
from cardservice.web.api.paging import PAGE_ROWS, Cursor, ask_for, cursor_of
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import Visiting

ADDRESS: Final = "/office/complaints"
_LIST: Final = "office.complaints"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Answerer = Annotated[Asking, asking(Right.COMPLAINT_ANSWER)]


@router.get(ADDRESS)
def show_complaints(
    visit: Visiting,
    asking: Answerer,
    state: ComplaintState = ComplaintState.RECEIVED,
    cursor: Cursor = "",
) -> Response:
    """Show fifty complaints in a state."""
    key, name = asking.parts.cursor_key, f"{_LIST}.{state}"
    ask = ask_for(cursor, PAGE_ROWS, key=key, of=name)
    page = complaints_in(asking.office, asking.actor, region=asking.region, state=state, ask=ask)
    return show(
        "complaints/complaints.html",
        visit,
        asking=asking,
        state_shown=state,
        states=tuple(ComplaintState),
        lines=page.rows,
        is_first=not cursor,
        forward=cursor_of(page.after, key=key, of=name),
    )
