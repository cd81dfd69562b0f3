"""People found by name, birth date or a number. What is looked for stands in no address."""

from typing import Annotated, Final

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.errors import Refusal
from cardservice.registry.people import PersonLine, Query, find_people
from cardservice.registry.ports_base import Page
from cardservice.web.api.paging import CURSOR_MAX, PAGE_ROWS, ask_for, cursor_of
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, day_in
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

LIST: Final = "page.people"
_CARD_DIGITS: Final = 15  # of the greatest number of 48 bits
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Reader = Annotated[Asking, asking(Right.PERSON_READ)]


@router.get("/office/people")
def show_people(visit: Visiting, asking: Reader) -> Response:
    """Ask whom to look for."""
    return _page(visit, asking, FRESH, None)


@router.post("/office/people", dependencies=[OurForm])
def send_people_search(visit: Visiting, asking: Reader, fields: Fields) -> Response:
    """Show who was found, masked; whoever wants to see one opens the record."""
    try:
        found = _found(asking, fields)
    except Refusal as refusal:
        return _page(visit, asking, Sent(refusal, fields), None)
    return _page(visit, asking, Sent(None, fields), found)


def _found(asking: Asking, fields: FormFields) -> Page[PersonLine]:
    cursor = fields.text("cursor")[: CURSOR_MAX + 1]
    query = Query(
        name=fields.text("name").strip(),
        birth_date=day_in(fields, "birth_date"),
        enp=fields.text("enp").replace(" ", ""),
        snils=fields.text("snils").strip(),
        card_number=_card_number(fields.text("card_number")),
    )
    ask = ask_for(cursor, PAGE_ROWS, key=asking.parts.cursor_key, of=LIST)
    return find_people(asking.office, asking.actor, query, ask=ask)


def _card_number(text: str) -> int | None:
    digits = text.replace(" ", "")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _CARD_DIGITS):
        sentence = "A card's number has 48 bits."
        raise Refusal("card-number-wrong", sentence, field="card_number")
    return int(digits)


def _page(visit: Visit, asking: Asking, sent: Sent, found: Page[PersonLine] | None) -> Response:
    after = found.after if found else None
    return show(
        "people/people.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        found=found,
        forward=cursor_of(after, key=asking.parts.cursor_key, of=LIST),
    )
