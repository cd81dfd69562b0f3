"""Blanks by the serial numbers of their chips, as a station was handed them."""

from functools import partial

import pytest

from cardservice.domain.stock import Movement
from cardservice.registry.actor import Actor
from cardservice.registry.ports_base import FIRST, Ask
from cardservice.registry.stock_chips import blanks_handed
from tests.registry.offices import REGION, Desk, refused
from tests.registry.stations_world import (
    OTHER_STATION,
    STATION,
    lease,
    new_order,
    personalized,
    stock,
)
from tests.registry.test_stations_again import spoil
from tests.registry.test_stock import move, receive

M = Movement


def chip(number: int) -> bytes:
    return number.to_bytes(8)


def handed(desk: Desk, actor: Actor = STATION) -> list[tuple[str, int, bytes | None, bytes | None]]:
    page = blanks_handed(desk.office, actor, region=REGION)
    return [(one.kind, one.quantity, one.first_chip, one.last_chip) for one in page.rows]


def test_a_station_is_told_what_it_was_handed_and_what_was_taken_back(either_desk: Desk) -> None:
    desk = either_desk
    receive(desk, 1, 20)
    move(desk, M.HAND_TO_STATION, 10, first_chip=chip(1), last_chip=chip(10))
    move(desk, M.TAKE_BACK, 2, first_chip=chip(9), last_chip=chip(10))
    move(desk, M.HAND_TO_STATION, 3)
    move(desk, M.HAND_TO_STATION, 1, station=OTHER_STATION.account)
    personalized(desk, lease(desk, new_order(desk)))
    spoil(desk, lease(desk, new_order(desk, 2)), chip=chip(3))
    assert handed(desk) == [
        ("hand-to-station", 10, chip(1), chip(10)),
        ("take-back", 2, chip(9), chip(10)),
        ("hand-to-station", 3, None, None),
    ]
    assert handed(desk, OTHER_STATION) == [("hand-to-station", 1, None, None)]
    assert stock(desk).difference == 0


def test_what_a_station_was_handed_comes_in_pages(desk: Desk) -> None:
    receive(desk, 1, 20)
    for number in (1, 2, 3):
        move(desk, M.HAND_TO_STATION, 1, first_chip=chip(number), last_chip=chip(number))
    one = blanks_handed(desk.office, STATION, region=REGION, ask=Ask(limit=2))
    two = blanks_handed(desk.office, STATION, region=REGION, ask=Ask(limit=2, after=one.after))
    assert [each.first_chip for each in (*one.rows, *two.rows)] == [chip(1), chip(2), chip(3)]
    assert two.after is None


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (chip(1), chip(9)),
        (chip(1), chip(11)),
        (chip(10), chip(1)),
        (chip(1), None),
        (None, chip(10)),
        (b"\1", b"\12"),
        (bytes(9), bytes(8) + b"\12"),
    ],
)
def test_chips_that_are_not_as_many_as_are_moved_are_refused(
    desk: Desk, first: bytes | None, last: bytes | None
) -> None:
    receive(desk, 1, 20)
    wrong = partial(move, desk, M.HAND_TO_STATION, 10, first_chip=first, last_chip=last)
    refused("chips-wrong", wrong)
    assert stock(desk).at_station == 0


def test_chips_are_named_only_where_a_station_takes_part(desk: Desk) -> None:
    receive(desk, 1, 20)
    refused("chips-wrong", lambda: move(desk, M.RETURN, 1, first_chip=chip(1), last_chip=chip(1)))


def test_only_a_station_has_blanks_of_its_own(desk: Desk) -> None:
    for actor in (desk.clerk, desk.approver):
        refused(
            "role-not-allowed",
            partial(blanks_handed, desk.office, actor, region=REGION, ask=FIRST),
        )
