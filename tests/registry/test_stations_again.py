"""A station whose answer was lost tells again, with another key: told once, answered as done."""

from datetime import timedelta
from typing import Any

import pytest

from cardservice.domain.stock import Stock
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer
from cardservice.registry.stations_orders import SpoilOrder, SpoilReason, spoil_order
from tests.registry.offices import REGION, START, Desk, refused
from tests.registry.stations_world import (
    OTHER_STATION,
    STATION,
    arrive,
    card_now,
    dispatch,
    lease,
    new_blanks,
    new_order,
    new_place,
    order_now,
    personalized,
    stock,
)
from tests.registry.test_stations_updates import new_update, reporting, updated

CHIP, OTHER_CHIP = bytes(7) + b"\1", bytes(7) + b"\2"


def spoil(
    desk: Desk, leased: Answer, actor: Actor = STATION, chip: bytes | None = None, **more: Any
) -> Answer:
    values: dict[str, Any] = {"version": leased.version, "reason": SpoilReason.FAULTY}
    command = SpoilOrder(
        region=REGION, key=desk.key(), order_id=leased.id, chip_serial=chip, **(values | more)
    )
    return spoil_order(desk.office, actor, command)


def test_the_same_card_told_of_again_is_answered_as_done_wherever_it_is(desk: Desk) -> None:
    new_blanks(desk)
    leased = lease(desk, new_order(desk))
    first = personalized(desk, leased, number=77)
    assert personalized(desk, leased, number=77) == first
    arrive(desk, dispatch(desk, new_place(desk), leased.id).number)
    before = desk.audit()
    late = personalized(desk, leased, number=77)
    assert (late.state, late.made) == ("arrived", first.made)
    assert desk.audit() == before
    assert stock(desk) == Stock(received=10, at_station=9, issued=1)


@pytest.mark.parametrize(
    "other",
    [
        {"number": 78},
        {"chip_serial": b"\1\3"},
        {"signed_at": START + timedelta(seconds=1)},
        {"station": OTHER_STATION},
    ],
)
def test_another_card_for_an_order_that_has_one_is_refused(
    desk: Desk, other: dict[str, Any]
) -> None:
    new_blanks(desk)
    leased = lease(desk, new_order(desk))
    done = personalized(desk, leased, number=77)
    wrong = {"number": 77} | other
    refused("lease-not-yours", lambda: personalized(desk, leased, **wrong))
    assert card_now(desk, done.made["card"]).number == 77
    assert stock(desk).issued == 1


def test_a_card_that_was_spoiled_since_is_not_answered_as_made(desk: Desk) -> None:
    new_blanks(desk)
    leased = lease(desk, new_order(desk))
    done = personalized(desk, leased, number=77)
    spoil(desk, done)
    refused("lease-not-yours", lambda: personalized(desk, leased, number=77))


def test_the_same_update_told_of_again_is_answered_as_done(desk: Desk) -> None:
    order, card = new_update(desk)
    leased = lease(desk, order)
    first = updated(desk, leased)
    before = desk.audit()
    assert updated(desk, leased) == first
    assert desk.audit() == before
    later = reporting(desk, leased).signed_at + timedelta(days=1)
    refused("lease-not-yours", lambda: updated(desk, leased, signed_at=later))
    refused("lease-not-yours", lambda: updated(desk, leased, number=card.number + 1))


@pytest.mark.parametrize("chip", [None, CHIP])
@pytest.mark.parametrize("again", [True, False])
def test_a_spoiled_blank_told_of_again_is_counted_once(
    desk: Desk, again: bool, chip: bytes | None
) -> None:
    new_blanks(desk, 3)
    leased = lease(desk, new_order(desk))
    first = spoil(desk, leased, chip=chip, again=again)
    assert spoil(desk, leased, chip=chip, again=again) == first
    assert stock(desk) == Stock(received=3, at_station=2, spoiled=1)
    assert order_now(desk, leased.id).attempts == 1


def test_a_chip_told_of_again_is_known_after_others_were_spoiled_too(desk: Desk) -> None:
    new_blanks(desk, 3)
    order = new_order(desk)
    first = lease(desk, order)
    spoil(desk, first, chip=CHIP)
    second = lease(desk, order)
    spoil(desk, second, chip=OTHER_CHIP)
    third = lease(desk, order)
    assert spoil(desk, first, chip=CHIP).state == "leased"
    assert stock(desk).spoiled == 2
    refused("stale", lambda: spoil(desk, first))
    assert spoil(desk, third, chip=bytes(8)).state == "queued"
    assert stock(desk).spoiled == 3


def test_nobody_else_is_answered_as_if_they_had_spoiled_it(desk: Desk) -> None:
    new_blanks(desk, 3)
    order = new_order(desk)
    leased = lease(desk, order)
    spoil(desk, leased, chip=CHIP)
    lease(desk, order, OTHER_STATION)
    refused("stale", lambda: spoil(desk, leased, OTHER_STATION, chip=CHIP))
    assert stock(desk).spoiled == 1


@pytest.mark.parametrize("chip", [b"", bytes(7), bytes(9)])
def test_a_blank_that_is_named_has_a_serial_of_eight_octets(desk: Desk, chip: bytes) -> None:
    new_blanks(desk)
    leased = lease(desk, new_order(desk))
    refused("chips-wrong", lambda: spoil(desk, leased, chip=chip))
    assert order_now(desk, leased.id).state == "leased"
