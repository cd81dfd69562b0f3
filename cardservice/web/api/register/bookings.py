"""Times at a point of issue: booked for an application, one's own or another's, and given up."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.registry.bookings import BookTime, EndBooking, book_time, end_booking
from cardservice.registry.commands import Answer
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.applications.reading import own_id
from cardservice.web.api.commands import Change, Sent
from cardservice.web.api.common import NOT_FOUND, Done, Model, PageOf
from cardservice.web.api.register.booking_reading import (
    BookingShown,
    booking_of,
    bookings_for,
)
from cardservice.web.office.asking import Asking, asking

UNDER: Final = "bookings"
OWN: Final = f"/own-application/{UNDER}"
router = APIRouter(tags=[UNDER], responses=NOT_FOUND)
Reading = Annotated[Asking, asking(Right.APPLICATION_READ)]
Entering = Annotated[Asking, asking(Right.APPLICATION_ENTER)]
Owning = Annotated[Asking, asking(Right.APPLICATION_OWN)]


class OwnBooking(Model):
    """Which time, as ``/places/{place_id}/times`` names it."""

    slot_id: UUID


class NewBooking(OwnBooking):
    """Which time, for which application."""

    application_id: UUID


@router.get(f"/{UNDER}/{{booking_id:uuid}}", response_model=BookingShown, responses=SEEN)
def api_show_booking(who: Reading, booking_id: UUID, known: Known = None) -> Response:
    """One booked time."""
    found = booking_of(who, booking_id)
    return answered(found, known, version=found.version)


@router.get(
    f"/applications/{{application_id:uuid}}/{UNDER}",
    response_model=PageOf[BookingShown],
    responses=SEEN,
)
def api_list_bookings(who: Reading, application_id: UUID, known: Known = None) -> Response:
    """The times booked for an application, those given up too."""
    return answered(PageOf(items=bookings_for(who, application_id)), known)


@router.post(f"/{UNDER}", status_code=201)
def api_book_time(who: Entering, sent: Sent, new: NewBooking) -> Done:
    """Book a time for an application; it has one to come at most."""
    return sent.created(_book(who, sent.key, new.slot_id, new.application_id), under=UNDER)


@router.post(f"/{UNDER}/{{booking_id:uuid}}/ending")
def api_end_booking(who: Entering, booking_id: UUID, *, sent: Change) -> Done:
    """Give a time up; it is free again."""
    return _end(who, booking_id, sent)


@router.get(OWN, response_model=PageOf[BookingShown], responses=SEEN)
def api_list_own_bookings(who: Owning, known: Known = None) -> Response:
    """The times booked for the application that was signed in to."""
    return answered(PageOf(items=bookings_for(who, own_id(who))), known)


@router.post(OWN)
def api_book_own_time(who: Owning, sent: Sent, new: OwnBooking) -> Done:
    """Book a time for the application that was signed in to."""
    return sent.done(_book(who, sent.key, new.slot_id, own_id(who)))


@router.post(OWN + "/{booking_id:uuid}/ending")
def api_end_own_booking(who: Owning, booking_id: UUID, *, sent: Change) -> Done:
    """Give one's own time up."""
    return _end(who, booking_id, sent)


def _book(who: Asking, key: str, slot_id: UUID, application_id: UUID) -> Answer:
    command = BookTime(region=who.region, key=key, slot_id=slot_id, application_id=application_id)
    return book_time(who.office, who.actor, command)


def _end(who: Asking, booking_id: UUID, sent: Change) -> Done:
    command = EndBooking(
        region=who.region, key=sent.key, booking_id=booking_id, version=sent.version
    )
    return sent.done(end_booking(who.office, who.actor, command))
