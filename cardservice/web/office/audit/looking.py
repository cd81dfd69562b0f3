"""Who looked at one person, and why: by the person's id, which names nobody."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cardservice.domain.findings import Finding
from cardservice.registry.audit_reading import looks_at
from cardservice.registry.errors import FindingsRefusal
from cardservice.registry.ports_base import Ask, Page
from cardservice.registry.ports_people import Look
from cardservice.web.api.paging import PAGE_ROWS, Cursor, ask_for, cursor_of
from cardservice.web.office.asking import Asking
from cardservice.web.office.audit.entries import ADDRESS, TEXT_MAX, Auditor
from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import Visiting

LOOKS: Final = ADDRESS + "/looks"
_LIST: Final = "office.audit.looks"
_NONE: Final[Page[Look]] = Page(rows=(), after=None)
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Person = Annotated[str, Query(alias="person_id", max_length=TEXT_MAX)]


@router.get(LOOKS)
def show_looks(
    visit: Visiting, asking: Auditor, person: Person = "", cursor: Cursor = ""
) -> Response:
    """Show fifty looks at a person, oldest first."""
    page, refusal, forward = _NONE, None, None
    try:
        person_id = UUID(person.strip()) if person.strip() else None
    except ValueError:
        person_id = None
        refusal = FindingsRefusal([Finding("person_id", "person-id-format", "This is no id.")])
    if person_id is not None:
        key, name = asking.parts.cursor_key, f"{_LIST}.{person_id}"
        page = _looks(asking, person_id, ask_for(cursor, PAGE_ROWS, key=key, of=name))
        forward = cursor_of(page.after, key=key, of=name)
    again = f"{LOOKS}?person_id={person_id}"
    return show(
        "audit/looks.html",
        visit,
        asking=asking,
        refusal=refusal,
        person=person,
        looks=page.rows,
        first=again if cursor else None,
        forward=f"{again}&cursor={forward}" if forward else None,
    )


def _looks(asking: Asking, person_id: UUID, ask: Ask) -> Page[Look]:
    return looks_at(asking.office, asking.actor, region=asking.region, person_id=person_id, ask=ask)
