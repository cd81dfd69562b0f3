"""The hand-over desk: a card on the reader or a number leads to its hand-over; today's visits."""

import re
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cardservice.accounts.rights import Right
from cardservice.domain.findings import Finding
from cardservice.errors import Refusal
from cardservice.registry.delivery_finding import Found, Wanted, find_hand_over
from cardservice.registry.delivery_reading import DayAtPlace, day_at_place, places_of_issue
from cardservice.registry.errors import FindingsRefusal
from cardservice.web.api.paging import Cursor, ask_for, cursor_of
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.delivery.names import order_code
from cardservice.web.office.forms import MAX_TEXT, Fields
from cardservice.web.office.parts import SeenCard
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, id_of, to_page
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ADDRESS: Final = "/office/hand-over"
PERSON: Final = "/office/people/{person_id}"
ROWS: Final = 50
FIELD: Final = "card_number"
NO_EVENT: Final = -1  # of which no reader has counted so many: it answers at once
_LIST: Final = "office.hand-over"
_ENP: Final = re.compile(r"[0-9]{16}")
_CARD: Final = re.compile(r"[0-9]{1,15}")  # 48 bits have 15 digits at most
_BLANKS: Final = re.compile(r"[\s-]+")
_LONGEST: Final = 100  # characters of what is typed
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Hander = Annotated[Asking, asking(Right.CARD_HAND_OVER)]
AtPlace = Annotated[UUID | None, Query(alias="place")]


@router.get(ADDRESS)
def show_hand_over(
    visit: Visiting, asking: Hander, place: AtPlace = None, cursor: Cursor = ""
) -> Response:
    """Show what waits at a place and who comes today; listen to the reader."""
    return _page(visit, asking, place, cursor=cursor)


@router.post(ADDRESS, dependencies=[OurForm])
def send_hand_over_search(visit: Visiting, asking: Hander, fields: Fields) -> Response:
    """Lead to the hand-over that a number names."""
    place = id_of(fields.text("place"))
    try:
        on_reader = fields.has("on_reader")
        wanted = _on_reader(asking) if on_reader else wanted_by(fields.text(FIELD))
        found = find_hand_over(asking.office, asking.actor, asking.region, wanted)
        return to_page(address_of(found))
    except Refusal as refusal:
        return _page(visit, asking, place, sent=Sent(refusal, fields))


def wanted_by(text: str) -> Wanted:
    """Return what a typed text names: a policy's number, a card's, or an order's id.

    Raises:
        FindingsRefusal: ``card-number-missing`` or ``card-number-unknown``.
    """
    if not text.strip():
        raise FindingsRefusal([Finding(FIELD, "card-number-missing", "Nothing is given here.")])
    order_id = id_of(text.strip()) if len(text) <= _LONGEST else None
    if order_id is not None:
        return Wanted(order_id=order_id)
    digits = _BLANKS.sub("", text[: _LONGEST + 1])
    if _ENP.fullmatch(digits):
        return Wanted(enp=digits)
    if _CARD.fullmatch(digits):
        return Wanted(number=int(digits))
    sentence = "This is neither the number of a card nor of a policy."
    raise FindingsRefusal([Finding(FIELD, "card-number-unknown", sentence)])


def wanted_on(card: SeenCard | None) -> Wanted:
    """Return what a card on the reader names.

    Raises:
        Refusal: ``no-card``: none lies there; ``unread``: it does not say whose it is.
    """
    if card is None:
        raise Refusal("no-card", "No card lies on the reader.")
    if card.enp is None and card.number is None:
        raise Refusal("unread", "This card does not say whose it is; type its number.")
    return Wanted(number=card.number, enp=card.enp)


def address_of(found: Found) -> str:
    """Return the page of the hand-over; of the person, where no card waits for them.

    Raises:
        Refusal: ``nothing-waits``: and who asks does not work with people.
    """
    if found.order_id is not None:
        return f"{ADDRESS}/{found.order_id}"
    if found.person_id is not None:
        return PERSON.format(person_id=found.person_id)
    raise Refusal("nothing-waits", "No card waits for this person.", field=FIELD)


def _on_reader(asking: Asking) -> Wanted:
    reader = asking.parts.reader
    return wanted_on(None if reader is None else reader.wait(after=NO_EVENT, timeout_s=0)[1])


def _page(
    visit: Visit, asking: Asking, place: UUID | None, *, cursor: str = "", sent: Sent = FRESH
) -> Response:
    key, name = asking.parts.cursor_key, f"{_LIST}.{place}"
    ask = ask_for(cursor, ROWS, key=key, of=name)
    day: DayAtPlace | None = None
    if place is not None:
        day = day_at_place(
            asking.office, asking.actor, region=asking.region, place_id=place, ask=ask
        )
    reader = asking.parts.reader
    events = 0 if reader is None else reader.wait(after=NO_EVENT, timeout_s=0)[0]
    return show(
        "delivery/hand_over.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        places=places_of_issue(asking.office, asking.acting(Right.DELIVERY), asking.region),
        day_here=day,
        code=order_code,
        has_reader=reader is not None,
        events=events,
        may_see_person=asking.may(Right.PERSON_READ),
        is_first=not cursor,
        forward=cursor_of(day.waiting.after if day else None, key=key, of=name),
    )
