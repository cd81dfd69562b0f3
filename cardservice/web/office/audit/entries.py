"""Entries of the audit log, searched and downloaded."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from cardservice.accounts.rights import Right
from cardservice.domain.findings import Finding
from cardservice.errors import Refusal
from cardservice.registry.actor import SERVICE_NAME
from cardservice.registry.audit_reading import (
    MOST_SEARCHED,
    AuditPage,
    AuditWish,
    audit_lines,
    audit_page,
)
from cardservice.registry.errors import FindingsRefusal
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import Visit, Visiting

ADDRESS: Final = "/office/audit"
TEXT_MAX: Final = 60  # characters of a field of the search; an id has 36
MOST: Final = 2**53  # beyond every number of an entry
_FIRST_YEAR: Final = 2000  # no entry is older, and far days have no midnight
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NOTHING: Final = AuditPage(entries=(), older=None, is_cut=False)
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Auditor = Annotated[Asking, asking(Right.AUDIT_READ)]
Typed = Annotated[str, Query(max_length=TEXT_MAX)]
Below = Annotated[int | None, Query(ge=1, le=MOST)]


@dataclass(frozen=True, slots=True)
class _Found:
    typed: dict[str, str]
    page: AuditPage = _NOTHING
    is_first: bool = True
    refusal: Refusal | None = None


@router.get(ADDRESS)
def show_audit(  # noqa: PLR0913 - what FastAPI fills in
    visit: Visiting,
    asking: Auditor,
    *,
    on: Typed = "",
    actor: Typed = "",
    subject: Typed = "",
    below: Below = None,
) -> Response:
    """Show fifty entries, the newest first."""
    typed = {"on": on, "actor": actor, "subject": subject}
    try:
        wish = _wish(typed, below, asking.office.today)
    except Refusal as refusal:
        return _page(visit, asking, _Found(typed, refusal=refusal))
    page = audit_page(asking.office, asking.actor, asking.region, wish)
    return _page(visit, asking, _Found(typed, page, is_first=below is None))


@router.get(ADDRESS + "/lines")
def show_audit_lines(asking: Auditor, on: Typed = "") -> Response:
    """Send entries as lines of JSON: of one day, or the newest ones."""
    day = _day(on, asking.office.today)
    lines = audit_lines(asking.office, asking.actor, asking.region, day)
    name = f"audit-{asking.region}{f'-{day}' if day else ''}.jsonl"
    return StreamingResponse(
        (f"{one}\n" for one in lines),
        media_type="application/jsonl",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _page(visit: Visit, asking: Asking, found: _Found) -> Response:
    typed, older = found.typed, found.page.older
    following = urlencode({**typed, "below": older}) if older else None
    return show(
        "audit/audit.html",
        visit,
        asking=asking,
        refusal=found.refusal,
        typed=typed,
        page=found.page,
        most=MOST_SEARCHED,
        first=None if found.is_first else f"{ADDRESS}?{urlencode(typed)}",
        forward=f"{ADDRESS}?{following}" if following else None,
        lines=f"{ADDRESS}/lines?{urlencode({'on': typed['on']})}",
        may_see_tokens=asking.may(Right.TOKENS),
    )


def _wish(typed: dict[str, str], below: int | None, today: date) -> AuditWish:
    return AuditWish(
        day=_day(typed["on"], today),
        actor=_actor(typed["actor"].strip()),
        subject_id=_id(typed["subject"].strip(), "subject"),
        below=below,
    )


def _day(text: str, today: date) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise _wrong("on", "date-format", "The date is not a day written YYYY-MM-DD.")
    if not _FIRST_YEAR <= day.year <= today.year:
        raise _wrong("on", "day-impossible", "There is no entry of such a day.")
    return day


def _actor(text: str) -> str:
    return text if text == SERVICE_NAME else _id(text, "actor")


def _id(text: str, field: str) -> str:
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        raise _wrong(field, f"{field}-format", "This is no id.") from None


def _wrong(field: str, code: str, sentence: str) -> FindingsRefusal:
    return FindingsRefusal([Finding(field, code, sentence)])
