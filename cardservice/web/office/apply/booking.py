"""Pages: a time at a place of issue, booked and given up."""

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from cardservice.errors import Refusal
from cardservice.registry.bookings import BookTime, EndBooking, book_time, end_booking
from cardservice.registry.places import free_times, places
from cardservice.registry.ports_base import FIRST, MAX_PAGE
from cardservice.registry.ports_places import Place
from cardservice.web.office.apply.entry import OWN
from cardservice.web.office.apply.own import Own, done_or_told
from cardservice.web.office.apply.pages import number_in, understood
from cardservice.web.office.asking import Asking
from cardservice.web.office.forms import MAX_TEXT, Fields
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
BOOKING = f"{OWN}/booking"


@router.get(BOOKING)
def show_own_booking(visit: Visiting, asking: Own, place: UUID | None = None) -> Response:
    """Show places, and the free times of the one that was chosen."""
    return _page(visit, asking, place)


@router.post(BOOKING, dependencies=[OurForm])
def send_own_booking(
    visit: Visiting, asking: Own, fields: Fields, place: Annotated[UUID, Form()]
) -> Response:
    """Book a time for the own application."""
    try:
        command = BookTime(
            region=asking.region,
            key=fields.text("key"),
            slot_id=_slot(fields.text("slot_id")),
            application_id=asking.web.subject.id,
        )
        book_time(asking.office, asking.actor, command)
    except Refusal as refusal:
        return _page(visit, asking, place, refusal=understood(refusal))
    return RedirectResponse(f"{OWN}#visits", HTTPStatus.SEE_OTHER)


@router.post(f"{BOOKING}/ended", dependencies=[OurForm])
def send_own_booking_end(
    visit: Visiting, asking: Own, fields: Fields, booking_id: Annotated[UUID, Form()]
) -> Response:
    """Give a time up."""

    def give_up() -> None:
        command = EndBooking(
            region=asking.region,
            key=fields.text("key"),
            booking_id=booking_id,
            version=number_in(fields, "version"),
        )
        end_booking(asking.office, asking.actor, command)

    return done_or_told(visit, asking, give_up)


def _page(
    visit: Visit, asking: Asking, place: UUID | None, *, refusal: Refusal | None = None
) -> Response:
    office, region = asking.office, asking.region
    open_ones = tuple(one for one in _places(asking) if one.closed_on is None)
    chosen = next((one for one in open_ones if one.id == place), None)
    slots = free_times(office, region, chosen.id).rows if chosen else ()
    return show(
        "apply/booking.html",
        visit,
        asking=asking,
        refusal=refusal,
        places=open_ones,
        chosen=chosen,
        slots=slots,
    )


def _places(asking: Asking) -> tuple[Place, ...]:
    return places(asking.office, asking.region, ask=replace(FIRST, limit=MAX_PAGE)).rows


def _slot(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal("slot-missing", "Choose a time.", field="slot_id") from None
