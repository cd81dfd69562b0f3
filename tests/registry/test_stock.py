"""The stock of blanks: every movement a row, the equation before and after it."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from cardservice.domain.stock import Movement, Stock
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer
from cardservice.registry.stock import (
    MOST_AT_ONCE,
    MoveBlanks,
    ReceiveBlanks,
    StockGround,
    move_blanks,
    receive_blanks,
    stock_at,
)
from cardservice.registry.stock import stock as stock_now
from cardservice.registry.stock_balance import StockDifference, stock_differences, stock_of
from cardservice.storage.engine import Database
from tests.registry.offices import REGION, Desk, refused
from tests.registry.stations_world import OTHER_STATION, STATION, at_once, stock

M = Movement


def receive(
    desk: Desk, first: int, last: int, series: str = "A", actor: Actor | None = None
) -> Answer:
    command = ReceiveBlanks(region=REGION, key=desk.key(), series=series, first=first, last=last)
    return receive_blanks(desk.office, actor or desk.clerk, command)


def move(
    desk: Desk,
    movement: Movement,
    quantity: int,
    actor: Actor | None = None,
    station: UUID | None = STATION.account,
    **more: Any,
) -> Answer:
    if movement not in {M.HAND_TO_STATION, M.TAKE_BACK, M.SPOIL_AT_STATION}:
        station = None
    command = MoveBlanks(
        region=REGION,
        key=desk.key(),
        movement=movement,
        quantity=quantity,
        station=station,
        **more,
    )
    return move_blanks(desk.office, actor or desk.clerk, command)


def test_blanks_are_received_by_their_serial_numbers(desk: Desk) -> None:
    answer = receive(desk, 100, 199)
    assert (answer.number, stock(desk)) == ("100", Stock(received=100, in_stock=100))
    with desk.reading() as work:
        rows = work.stock.history(REGION).rows
    assert [(one.kind, one.batch) for one in rows] == [("receive", "A:100-199")]


@pytest.mark.parametrize(
    ("first", "last"), [(100, 199), (150, 160), (199, 300), (0, 100), (0, 999)]
)
def test_no_blank_is_received_twice(desk: Desk, first: int, last: int) -> None:
    receive(desk, 100, 199)
    refused("serials-known", lambda: receive(desk, first, last))
    assert stock(desk).received == 100
    receive(desk, 200, 200)
    receive(desk, 99, 99)
    receive(desk, first, last, series="B")
    assert desk.actions() == ["stock.receive"] * 4


@pytest.mark.parametrize(
    ("series", "first", "last", "code"),
    [
        ("", 1, 2, "serials-wrong"),
        ("a", 1, 2, "serials-wrong"),
        ("A:1", 1, 2, "serials-wrong"),
        ("A", 2, 1, "serials-wrong"),
        ("A", -1, 1, "serials-wrong"),
        ("A", 1, 10**12, "serials-wrong"),
        ("A", 1, MOST_AT_ONCE + 1, "quantity-wrong"),
    ],
)
def test_serial_numbers_that_cannot_be_are_refused(
    desk: Desk, series: str, first: int, last: int, code: str
) -> None:
    refused(code, lambda: receive(desk, first, last, series))


def test_every_movement_keeps_the_equation(desk: Desk) -> None:
    receive(desk, 1, 100)
    for movement, quantity in (
        (M.HAND_TO_STATION, 60),
        (M.SPOIL_AT_STATION, 5),
        (M.TAKE_BACK, 15),
        (M.SPOIL_IN_STOCK, 1),
        (M.RETURN, 4),
    ):
        assert move(desk, movement, quantity).number == str(quantity)
    assert stock(desk) == Stock(
        received=100, in_stock=50, at_station=40, issued=0, spoiled=6, returned=4
    )


@pytest.mark.parametrize(
    "movement", [M.HAND_TO_STATION, M.TAKE_BACK, M.SPOIL_AT_STATION, M.SPOIL_IN_STOCK, M.RETURN]
)
def test_what_is_not_there_is_not_moved(desk: Desk, movement: Movement) -> None:
    receive(desk, 1, 4)
    move(desk, M.HAND_TO_STATION, 2)
    refused("stock-short", lambda: move(desk, movement, 3))
    assert stock(desk) == Stock(received=4, in_stock=2, at_station=2)
    for quantity in (0, -1, MOST_AT_ONCE + 1):
        refused("quantity-wrong", partial(move, desk, movement, quantity))


@pytest.mark.parametrize("movement", [M.RECEIVE, M.ISSUE])
def test_blanks_are_neither_received_nor_issued_by_hand(desk: Desk, movement: Movement) -> None:
    receive(desk, 1, 4)
    refused("movement-wrong", lambda: move(desk, movement, 1))


def test_a_movement_with_a_station_names_it(desk: Desk) -> None:
    receive(desk, 1, 4)
    refused("station-missing", lambda: move(desk, M.HAND_TO_STATION, 1, station=None))


def test_a_station_says_only_what_it_spoiled_itself(desk: Desk) -> None:
    receive(desk, 1, 10)
    move(desk, M.HAND_TO_STATION, 5)
    spoiled = move(desk, M.SPOIL_AT_STATION, 1, STATION, ground=StockGround.LEASE_LOST)
    assert spoiled.state == "spoil-at-station"
    assert desk.audit()[-1].fact.ground == "lease-lost"
    refused("role-not-allowed", lambda: move(desk, M.SPOIL_AT_STATION, 1, OTHER_STATION))
    refused("role-not-allowed", lambda: move(desk, M.TAKE_BACK, 1, STATION))
    refused("role-not-allowed", lambda: receive(desk, 20, 21, actor=STATION))
    for actor in (desk.applicant, desk.approver):
        refused("role-not-allowed", partial(move, desk, M.RETURN, 1, actor))
        refused("role-not-allowed", partial(stock_now, desk.office, actor, REGION))


def test_a_receipt_of_blanks_sent_twice_with_one_key_is_one(desk: Desk) -> None:
    command = ReceiveBlanks(region=REGION, key="once", series="A", first=1, last=9)
    first = receive_blanks(desk.office, desk.clerk, command)
    assert receive_blanks(desk.office, desk.clerk, command) == first
    assert stock(desk).received == 9


def test_of_two_who_take_the_last_blank_one_gets_it(either_desk: Desk) -> None:
    desk = either_desk
    receive(desk, 1, 1)
    came_to = at_once([partial(move, desk, M.HAND_TO_STATION, 1), partial(move, desk, M.RETURN, 1)])
    assert [one for one in came_to if isinstance(one, str)] == ["stock-short"]
    assert stock(desk).difference == 0


def test_a_station_gives_no_more_than_it_has_itself(desk: Desk) -> None:
    receive(desk, 1, 10)
    move(desk, M.HAND_TO_STATION, 5)
    move(desk, M.HAND_TO_STATION, 1, station=OTHER_STATION.account)
    for movement in (M.TAKE_BACK, M.SPOIL_AT_STATION):
        again = partial(move, desk, movement, 2, station=OTHER_STATION.account)
        refused("stock-short", again)
    move(desk, M.TAKE_BACK, 1, station=OTHER_STATION.account)
    assert stock(desk) == Stock(received=10, in_stock=5, at_station=5)


def test_how_many_blanks_a_station_has_is_told_to_it_and_to_clerks(desk: Desk) -> None:
    receive(desk, 1, 10)
    move(desk, M.HAND_TO_STATION, 5)
    move(desk, M.SPOIL_AT_STATION, 1)

    def told(actor: Actor, station: Actor) -> int:
        assert station.account is not None
        return stock_at(desk.office, actor, region=REGION, station=station.account)

    assert told(desk.clerk, STATION) == told(STATION, STATION) == 4
    assert told(desk.clerk, OTHER_STATION) == 0
    refused("role-not-allowed", lambda: told(OTHER_STATION, STATION))
    refused("role-not-allowed", lambda: told(desk.approver, STATION))


def test_totals_that_are_not_what_the_movements_come_to_are_found(desk: Desk) -> None:
    receive(desk, 1, 10)
    move(desk, M.HAND_TO_STATION, 5)
    with desk.reading() as work:
        assert stock_differences(work) == ()
    database = desk.office.database
    assert isinstance(database, Database)
    with database.connected(writing=True) as connection:
        wrong = text("UPDATE stock_totals SET quantity = 6 WHERE kind = 'hand-to-station'")
        connection.execute(wrong)
        connection.execute(text("DELETE FROM stock_totals WHERE kind = 'receive'"))
    with desk.reading() as work:
        assert stock_differences(work) == (
            StockDifference(REGION, "hand-to-station", STATION.name, kept=6, counted=5),
            StockDifference(REGION, "receive", "", kept=0, counted=10),
        )
    refused("stock-differs", lambda: stock(desk))


@pytest.mark.parametrize(
    "sums",
    [
        {"receive": 5, "burn": 1},
        {"hand-to-station": 1},
        {"receive": 5, "hand-to-station": 3, "issue": 4},
        {"receive": -1},
    ],
)
def test_movements_that_contradict_each_other_are_not_rounded_off(sums: dict[str, int]) -> None:
    with pytest.raises(Refusal) as refusal:
        stock_of(sums)
    assert refusal.value.code == "stock-differs"
