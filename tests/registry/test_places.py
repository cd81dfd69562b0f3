"""Points of issue: entered, changed, closed, and the times that can be booked there."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from cardservice.domain.places import Collectable, Hours, Service
from cardservice.errors import Refusal
from cardservice.registry.commands import Answer
from cardservice.registry.places import (
    MOST_DAYS_AHEAD,
    AddPlace,
    ChangePlace,
    ClosePlace,
    OpenTimes,
    add_place,
    change_place,
    close_place,
    free_times,
    open_times,
    places,
)
from cardservice.registry.places_form import place_of_issue
from cardservice.registry.ports_places import Place
from tests.registry.offices import REGION, TODAY, Desk, refused
from tests.registry.stations_world import PLACE, STATION, new_place

MONDAY = TODAY  # 1 June 2026


def open_day(desk: Desk, place: UUID, day: date = MONDAY) -> Answer:
    command = OpenTimes(region=REGION, key=desk.key(), place_id=place, day=day)
    return open_times(desk.office, desk.clerk, command)


def kept(desk: Desk, place: UUID) -> Place:
    with desk.reading() as work:
        found: Place = work.places.get(REGION, place)
    return found


def test_a_place_comes_back_as_it_was_entered(desk: Desk) -> None:
    issue = place_of_issue(kept(desk, new_place(desk, phone="+7 000", visit_minutes=20, desks=2)))
    assert issue.hours == (Hours(0, time(9), time(10)), Hours(1, time(9), time(9, 15)))
    assert issue.services == frozenset({Service.HAND_OVER})
    assert issue.collectables == frozenset({Collectable.CARD})
    assert (issue.slot, issue.desks, issue.okato) == (timedelta(minutes=20), 2, REGION)
    assert [one.name for one in places(desk.office, REGION).rows] == ["Пункт 1"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name-missing"),
        ({"address": ""}, "address-missing"),
        ({"name": "a" * 301}, "name-too-long"),
        ({"name": "a\u202eb"}, "control-character"),
        ({"phone": "\0"}, "control-character"),
        ({"hours": ((7, "09:00", "10:00"),)}, "hours-wrong"),
        ({"hours": ((0, "10:00", "09:00"),)}, "hours-wrong"),
        ({"hours": ((0, "25:00", "26:00"),)}, "hours-wrong"),
        ({"hours": ((0, "09:00+03:00", "10:00"),)}, "hours-wrong"),
        ({"hours": ((0, "09:00+03:00", "10:00+03:00"),)}, "hours-wrong"),
        ({"hours": ((0, "09:00", "10:00"),) * 29}, "hours-wrong"),
        ({"hours": ((0, "09:00", "12:00"), (0, "11:00", "13:00"))}, "hours-overlap"),
        ({"visit_minutes": 0}, "visit-wrong"),
        ({"desks": 0}, "desks-wrong"),
        ({"desks": 201}, "desks-wrong"),
    ],
)
def test_a_place_that_cannot_be_is_refused(desk: Desk, changes: dict[str, Any], code: str) -> None:
    refused(code, lambda: new_place(desk, **changes))
    assert desk.audit() == ()


def test_a_row_that_is_no_place_is_not_read_as_one(desk: Desk) -> None:
    place = kept(desk, new_place(desk))
    damages: tuple[dict[str, Any], ...] = (
        {"hours": None},
        {"hours": {}},
        {"services": {"does": ["x"], "collects": []}},
    )
    for damaged in damages:
        with pytest.raises(Refusal) as refusal:
            place_of_issue(replace(place, **damaged))
        assert refusal.value.code == "place-unreadable"


def test_a_place_is_changed_and_an_old_version_is_stale(desk: Desk) -> None:
    place = new_place(desk)
    command = ChangePlace(
        region=REGION, key="change", place_id=place, version=1, form=replace(PLACE, name="Второй")
    )
    assert change_place(desk.office, desk.clerk, command).version == 2
    assert kept(desk, place).name == "Второй"
    again = replace(command, key="again")
    refused("stale", lambda: change_place(desk.office, desk.clerk, again))
    assert desk.actions() == ["place.add", "place.change"]


def test_a_closed_place_opens_no_times_and_is_not_closed_again(desk: Desk) -> None:
    place = new_place(desk)
    command = ClosePlace(region=REGION, key="close", place_id=place, version=1, on=MONDAY)
    closed = close_place(desk.office, desk.clerk, command)
    refused("place-closed", lambda: open_day(desk, place))
    again = replace(command, key="again", version=closed.version)
    refused("place-closed", lambda: close_place(desk.office, desk.clerk, again))


def test_times_are_opened_for_a_day_once_in_the_opening_hours(desk: Desk) -> None:
    place = new_place(desk, desks=2)
    assert open_day(desk, place).number == "4"
    refused("duplicate", lambda: open_day(desk, place))
    assert open_day(desk, place, MONDAY + timedelta(days=2)).number == "0"
    slots = free_times(desk.office, REGION, place).rows
    assert [one.starts_at.time() for one in slots] == [
        time(9),
        time(9, 15),
        time(9, 30),
        time(9, 45),
    ]
    assert {(one.capacity, one.booked, one.minutes) for one in slots} == {(2, 0, 15)}


def test_opening_hours_are_local_times(desk: Desk) -> None:
    east = desk.with_settings(zone=ZoneInfo("Asia/Vladivostok"))
    place = new_place(east)
    open_day(east, place, MONDAY + timedelta(days=7))
    starts = free_times(east.office, REGION, place).rows[0].starts_at
    assert starts == datetime(2026, 6, 7, 23, tzinfo=UTC)


@pytest.mark.parametrize("days", [-1, MOST_DAYS_AHEAD + 1])
def test_times_are_opened_for_days_to_come_within_bounds(desk: Desk, days: int) -> None:
    place = new_place(desk)
    refused("day-wrong", lambda: open_day(desk, place, MONDAY + timedelta(days=days)))


def test_a_time_that_has_begun_is_not_free(desk: Desk) -> None:
    place = new_place(desk)
    open_day(desk, place)
    desk.clock.now += timedelta(minutes=1)
    assert len(free_times(desk.office, REGION, place).rows) == 3


def test_who_may_not_edit_places_does_not(desk: Desk) -> None:
    place = new_place(desk)
    for actor in (STATION, desk.applicant, desk.officer):
        add = AddPlace(region=REGION, key=desk.key(), form=PLACE)
        close = ClosePlace(region=REGION, key=desk.key(), place_id=place, version=1, on=MONDAY)
        times = OpenTimes(region=REGION, key=desk.key(), place_id=place, day=MONDAY)
        refused("role-not-allowed", partial(add_place, desk.office, actor, add))
        refused("role-not-allowed", partial(close_place, desk.office, actor, close))
        refused("role-not-allowed", partial(open_times, desk.office, actor, times))


def test_a_place_entered_twice_with_one_key_is_one(desk: Desk) -> None:
    command = AddPlace(region=REGION, key="once", form=PLACE)
    first = add_place(desk.office, desk.clerk, command)
    assert add_place(desk.office, desk.clerk, command) == first
    other = replace(command, form=replace(PLACE, desks=3))
    refused("key-reused", lambda: add_place(desk.office, desk.clerk, other))
    assert len(places(desk.office, REGION).rows) == 1
