"""The audit log for programs: its entries, its newest signed head, and who looked at a person."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from cardservice.accounts.rights import Right
from cardservice.registry.audit_reading import AuditWish, audit_page, looks_at, verify_newest
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.common import PageOf
from cardservice.web.api.paging import Cursor, Wish, ask_for, cursor_of
from cardservice.web.api.register.audit_models import (
    AuditEntries,
    AuditHeadShown,
    LookShown,
    VerifiedShown,
    entry_shown,
    head_shown,
    verified_shown,
)
from cardservice.web.api.typed import Day, ShortLine
from cardservice.web.office.asking import Asking, asking

router = APIRouter(tags=["audit"])
Auditing = Annotated[Asking, asking(Right.AUDIT_READ)]
_LIST: Final = "audit"
_LOOKS: Final = "looks"
_YEARS: Final = range(2000, 2200)  # no entry is older, and far days have no midnight


def _near(day: date) -> date:
    if day.year not in _YEARS:
        raise PydanticCustomError("day-impossible", "There is no entry of such a day.")
    return day


OfDay = Annotated[Day, AfterValidator(_near), Query(description="Of the office; all unless told.")]
By = Annotated[ShortLine, Query(description="Id of who acted, or `system`.")]
About = Annotated[ShortLine, Query(description="Id of what it was done to.")]


@router.get("/audit/entries", response_model=AuditEntries, responses=SEEN)
def api_list_audit_entries(  # noqa: PLR0913 - what FastAPI fills in
    who: Auditing,
    *,
    day: OfDay | None = None,
    actor: By = "",
    subject_id: About = "",
    cursor: Cursor = "",
    known: Known = None,
) -> Response:
    """Fifty entries, the newest first; ``is_cut``: older ones were not searched."""
    key, name = who.parts.cursor_key, f"{_LIST}/{day}/{actor}/{subject_id}"
    after = ask_for(cursor, 1, key=key, of=name).after
    below = None if after is None else int(after[0])
    wish = AuditWish(day=day, actor=actor, subject_id=subject_id, below=below)
    page = audit_page(who.office, who.actor, who.region, wish)
    mark = None if page.older is None else (page.older,)
    shown = AuditEntries(
        items=[entry_shown(one) for one in page.entries],
        next=cursor_of(mark, key=key, of=name),
        is_cut=page.is_cut,
    )
    return answered(shown, known)


@router.get("/audit/head", response_model=AuditHeadShown, responses=SEEN)
def api_show_audit_head(who: Auditing, known: Known = None) -> Response:
    """How many entries there are, and the newest signed head; keep its ``line`` elsewhere."""
    with who.office.database.reading() as work:
        heads, last = work.audit.heads(who.region), work.audit.last(who.region)
    return answered(head_shown(heads[-1] if heads else None, last), known)


@router.get("/audit/verification", response_model=VerifiedShown, responses=SEEN)
def api_verify_audit(who: Auditing, known: Known = None) -> Response:
    """What the newest part of the log proves; 409 with a code (``audit-…``) if it is not whole."""
    part = verify_newest(who.office, who.actor, who.region, who.parts.head_keys)
    return answered(verified_shown(part), known)


@router.get("/people/{person_id:uuid}/looks", response_model=PageOf[LookShown], responses=SEEN)
def api_list_looks(who: Auditing, person_id: UUID, *, wish: Wish, known: Known = None) -> Response:
    """Who looked at a person and why, oldest first; a person without looks may not be there."""
    name = f"{_LOOKS}/{person_id}"
    ask = wish.ask(name)
    page = looks_at(who.office, who.actor, region=who.region, person_id=person_id, ask=ask)
    rows = [LookShown.model_validate(one) for one in page.rows]
    return answered(PageOf(items=rows, next=wish.after(page.after, name)), known)
