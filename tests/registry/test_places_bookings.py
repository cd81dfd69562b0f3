"""Booking a time, its end, and the last free desk."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

from cardservice.domain.roles import Role
from cardservice.registry.actor import Actor
from cardservice.registry.bookings import BookTime, EndBooking, book_time, end_booking
from cardservice.registry.commands import Answer
from cardservice.registry.places import ClosePlace, OpenTimes, close_place, free_times, open_times
from cardservice.registry.ports_places import Slot
from tests.registry.offices import REGION, TODAY, Desk, refused
from tests.registry.stations_world import STATION, at_once, new_place, new_policy

TOMORROW = TODAY + timedelta(days=1)  # a Tuesday: one visit


def new_times(desk: Desk, *, desks: int = 1, tomorrow: bool = True) -> tuple[Slot, ...]:
    place = new_place(desk, desks=desks)
    for day in (TODAY + timedelta(days=7), *((TOMORROW,) if tomorrow else ())):
        command = OpenTimes(region=REGION, key=desk.key(), place_id=place, day=day)
        open_times(desk.office, desk.clerk, command)
    return free_times(desk.office, REGION, place).rows


def book(desk: Desk, slot: Slot, application: UUID, actor: Actor | None = None) -> Answer:
    command = BookTime(region=REGION, key=desk.key(), slot_id=slot.id, application_id=application)
    return book_time(desk.office, actor or desk.clerk, command)


def end(desk: Desk, booking: Answer, actor: Actor | None = None) -> Answer:
    command = EndBooking(
        region=REGION, key=desk.key(), booking_id=booking.id, version=booking.version
    )
    return end_booking(desk.office, actor or desk.clerk, command)


def applications(desk: Desk, count: int) -> list[UUID]:
    return [new_policy(desk, number)[1].id for number in range(1, count + 1)]


def booked(desk: Desk, slot: Slot) -> int:
    with desk.reading() as work:
        return int(work.slots.get(REGION, slot.id).booked)


def test_a_time_is_booked_by_as_many_as_there_are_desks(desk: Desk) -> None:
    slot, *_ = new_times(desk, desks=2)
    first, second, third = applications(desk, 3)
    book(desk, slot, first)
    book(desk, slot, second)
    refused("time-full", lambda: book(desk, slot, third))
    assert booked(desk, slot) == 2
    assert slot.id not in [one.id for one in free_times(desk.office, REGION, slot.place_id).rows]


def test_a_booking_that_ended_leaves_its_time_free(desk: Desk) -> None:
    slot, *_ = new_times(desk)
    first, second = applications(desk, 2)
    booking = book(desk, slot, first)
    ended = end(desk, booking)
    refused("booking-ended", lambda: end(desk, ended))
    assert booked(desk, slot) == 0
    book(desk, slot, second)
    assert desk.actions()[-3:] == ["booking.make", "booking.end", "booking.make"]


def test_an_application_has_one_time_to_come(desk: Desk) -> None:
    soon, later, *_ = new_times(desk)
    (application,) = applications(desk, 1)
    book(desk, soon, application)
    refused("booked-already", lambda: book(desk, later, application))
    desk.clock.pass_days(2)
    assert book(desk, later, application).version == 1


def test_a_time_that_is_over_is_neither_booked_nor_given_up(desk: Desk) -> None:
    slot, *_ = new_times(desk)
    first, second = applications(desk, 2)
    booking = book(desk, slot, first)
    desk.clock.now = slot.starts_at
    refused("time-past", lambda: book(desk, slot, second))
    refused("time-past", lambda: end(desk, booking))


def test_nobody_books_at_a_place_that_will_be_closed(desk: Desk) -> None:
    soon, later, *_ = new_times(desk)
    first, second = applications(desk, 2)
    command = ClosePlace(
        region=REGION,
        key="close",
        place_id=soon.place_id,
        version=1,
        on=TOMORROW + timedelta(days=1),
    )
    close_place(desk.office, desk.clerk, command)
    book(desk, soon, first)
    refused("place-closed", lambda: book(desk, later, second))


def test_an_applicant_books_and_ends_only_for_themselves(desk: Desk) -> None:
    slot, *_ = new_times(desk, desks=2)
    own, others = applications(desk, 2)
    applicant = Actor(own, Role.APPLICANT)
    theirs = book(desk, slot, others)
    refused("not-found", lambda: book(desk, slot, others, applicant))
    refused("not-found", lambda: end(desk, theirs, applicant))
    mine = book(desk, slot, own, applicant)
    assert end(desk, mine, applicant).version == 2
    assert booked(desk, slot) == 1
    refused("role-not-allowed", lambda: book(desk, slot, own, STATION))


def test_a_booking_sent_twice_with_one_key_is_one(desk: Desk) -> None:
    slot, *_ = new_times(desk, desks=2)
    first, second = applications(desk, 2)
    command = BookTime(region=REGION, key="once", slot_id=slot.id, application_id=first)
    answer = book_time(desk.office, desk.clerk, command)
    assert book_time(desk.office, desk.clerk, command) == answer
    assert booked(desk, slot) == 1
    other = replace(command, application_id=second)
    refused("key-reused", lambda: book_time(desk.office, desk.clerk, other))


def test_an_old_version_of_a_booking_is_stale(desk: Desk) -> None:
    slot, *_ = new_times(desk)
    (application,) = applications(desk, 1)
    booking = replace(book(desk, slot, application), version=7)
    refused("stale", lambda: end(desk, booking))


def test_the_last_desk_at_a_time_is_booked_once(either_desk: Desk) -> None:
    desk = either_desk
    slot, *_ = new_times(desk)
    came_to = at_once([partial(book, desk, slot, one) for one in applications(desk, 3)])
    assert sorted(one for one in came_to if isinstance(one, str)) == ["time-full"] * 2
    assert booked(desk, slot) == 1
    assert desk.actions().count("booking.make") == 1
