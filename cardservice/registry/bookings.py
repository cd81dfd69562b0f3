"""Booking a time at a point of issue, and its end; never more people than desks."""

from dataclasses import dataclass, replace
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.roles import Role
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.places_form import expect_open
from cardservice.registry.ports_places import Booking, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class BookTime(OfficeCommand):
    """Somebody with an application comes at that time."""

    slot_id: UUID
    application_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EndBooking(OfficeCommand):
    """They do not come after all; the time is free again."""

    booking_id: UUID
    version: int


def book_time(office: Office, actor: Actor, command: BookTime) -> Answer:
    """Return the booking; an applicant books for their own application.

    Raises:
        Refusal: ``time-full``, ``time-past``, ``booked-already``: the application has a time
            still to come; ``place-closed`` by then; ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _book)


def end_booking(office: Office, actor: Actor, command: EndBooking) -> Answer:
    """Return the booking, ended.

    Raises:
        Refusal: ``booking-ended`` already, ``time-past``, ``stale``, ``not-found`` (for an
            applicant: or not theirs) or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _end)


def _book(act: Act, command: BookTime) -> Answer:
    _expect_own(act, command.application_id, "application")
    act.work.applications.get(act.region, command.application_id)
    slot = act.work.slots.get(act.region, command.slot_id)
    _expect_to_come(act, slot)
    place = act.work.places.get(act.region, slot.place_id)
    expect_open(place, slot.starts_at.astimezone(act.settings.zone).date())
    _expect_no_other(act, command.application_id)
    if slot.booked >= slot.capacity:
        raise Refusal("time-full", "This time is taken; choose another one.", field="slot_id")
    act.work.slots.change(replace(slot, booked=slot.booked + 1))
    booking = Booking(
        region=act.region,
        id=act.new_id(),
        slot_id=slot.id,
        application_id=command.application_id,
        booked_at=act.now,
    )
    act.work.bookings.add(booking)
    act.record("booking.make", "booking", booking.id, slot=str(slot.id))
    return Answer(id=booking.id, version=booking.version)


def _end(act: Act, command: EndBooking) -> Answer:
    booking = act.work.bookings.get(act.region, command.booking_id)
    _expect_own(act, booking.application_id, "booking")
    if booking.ended_at is not None:
        raise Refusal("booking-ended", "This booking has ended already.")
    expect_version(booking, command.version)
    slot = act.work.slots.get(act.region, booking.slot_id)
    _expect_to_come(act, slot)
    act.work.slots.change(replace(slot, booked=slot.booked - 1))
    ended = act.work.bookings.change(replace(booking, ended_at=act.now))
    act.record("booking.end", "booking", booking.id, slot=str(slot.id))
    return Answer(id=ended.id, version=ended.version)


def _expect_own(act: Act, application_id: UUID, kind: str) -> None:
    if act.actor.role is not Role.APPLICANT:
        act.actor.require(Right.APPLICATION_ENTER)
    elif act.actor.account != application_id:
        raise not_found(kind)


def _expect_to_come(act: Act, slot: Slot) -> None:
    if slot.starts_at <= act.now:
        raise Refusal("time-past", "This time is over.", field="slot_id")


def _expect_no_other(act: Act, application_id: UUID) -> None:
    for one in act.work.bookings.of_application(act.region, application_id):
        if one.ended_at is None:
            slot = act.work.slots.get(act.region, one.slot_id)
            if slot.starts_at > act.now:
                raise Refusal("booked-already", "This application has a time booked already.")
