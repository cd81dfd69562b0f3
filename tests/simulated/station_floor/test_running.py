"""A station with real lanes: processes over software cards, a journal on the disk."""

import random
from pathlib import Path

from cardservice.home.issuer import open_home
from cardservice.home.station_journal import read_journal
from cardservice.personalization.floor import Floor
from cardservice.personalization.lanes import LaneState
from cardservice.personalization.recovery_lives import Standing
from cardservice.settings import Settings
from tests.simulated.station_floor.stations import a_table, kill, new_station, running, until

ROWS = 12


def made_orders(settings: Settings) -> list[str]:
    """Return the orders that count as made, by the journal on the disk."""
    cards = read_journal(settings).cards.values()
    return sorted(one.order or "" for one in cards if one.standing is Standing.MADE)


def test_a_table_is_made_to_its_end_on_lanes_that_are_processes(tmp_path: Path) -> None:
    settings, table = new_station(tmp_path), a_table(tmp_path, ROWS)
    with running(settings, table) as floor:
        until(lambda: floor.view.finished)
        assert floor.wait(60)
        assert floor.view.made == floor.counts.made == floor.counts.taken
        assert floor.view.untold == 0
        assert {lane.state for lane in floor.view.lanes} == {LaneState.CLOSED}
        assert all(lane.shares.chip + lane.shares.host > 0 for lane in floor.view.lanes)
    orders = made_orders(settings)
    assert len(orders) == len(set(orders)) == floor.view.made
    ledger = open_home(settings).ledger
    numbers = [one.number for one in read_journal(settings).cards.values()]
    assert all(number is not None and ledger.knows_card(number) for number in numbers)


def test_a_station_that_runs_again_over_its_table_makes_no_second_card(tmp_path: Path) -> None:
    settings, table = new_station(tmp_path), a_table(tmp_path, 4)
    with running(settings, table) as floor:
        until(lambda: floor.view.made >= 2)
    before = made_orders(settings)
    with running(settings, table) as floor:
        until(lambda: floor.view.finished)
        assert floor.view.made == 4 - len(before)
    assert len(set(made_orders(settings))) == len(made_orders(settings)) == 4


def test_a_station_whose_lanes_are_killed_again_and_again_loses_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    settings, table = new_station(tmp_path), a_table(tmp_path, ROWS)
    dice = random.Random(6)  # noqa: S311 - a story that can be told again
    killed = 0
    with running(settings, table) as floor:
        while killed < 6 and not floor.view.finished:
            lane = dice.choice(floor.lanes)
            until(lambda lane=lane: lane.state is not LaneState.STARTING)  # type: ignore[misc]
            wanted = floor.view.made + dice.randrange(2)
            until(lambda wanted=wanted: is_going_or_done(floor, wanted))  # type: ignore[misc]
            killed += kill(lane._worker)
            floor.resume()
        until(lambda: is_at_its_end(floor))
        counts = floor.counts
        assert counts.taken == counts.made + counts.in_hand + counts.given_back + counts.spoiled
        held = [life.order for life in floor._parts.journal.open_cards() if life.order]
        # What is not made is on a card that was pulled away from its lane; nothing else is left.
        assert counts.in_hand <= len(held)
    assert killed > 0
    orders = made_orders(settings)
    assert len(orders) == len(set(orders)) == floor.counts.made


def is_going_or_done(floor: Floor, wanted: int) -> bool:
    """Say whether enough was made to go on, or the floor stands still."""
    view = floor.view
    return view.made >= wanted or view.finished or is_at_its_end(floor)


def is_at_its_end(floor: Floor) -> bool:
    """Say whether all is made, or asks for its card; what only has to be looked at goes on."""
    view = floor.view
    for lane in view.lanes:
        if lane.state is LaneState.STOPPED and lane.code != "order-on-another-card":
            floor.resume(lane.number)
            return False
    waits = {LaneState.STOPPED, LaneState.CLOSED}
    if not view.waiting:
        waits.add(LaneState.NO_ORDER)
    return view.finished or all(lane.state in waits for lane in view.lanes)
