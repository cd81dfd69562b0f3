"""The life of a lane."""

from typing import Final

import pytest

from cardservice.domain.roles import Role
from cardservice.domain.transitions import StateRefusal
from cardservice.personalization.lane_life import LANE, LaneEvent, is_possible, role_of
from cardservice.personalization.lanes import LaneState

PERSONS: Final = {LaneEvent.PAUSE, LaneEvent.RESUME, LaneEvent.SKIP, LaneEvent.REPEAT}


def test_nothing_an_operator_wishes_takes_a_card_away_that_is_being_written() -> None:
    assert not any(is_possible(LaneState.WORKING, event) for event in PERSONS)


def test_a_lane_that_stands_still_goes_on_only_when_a_person_says_so() -> None:
    leaving = {row.event for row in LANE.rows if row.source is LaneState.STOPPED}
    assert leaving == PERSONS - {LaneEvent.PAUSE} | {LaneEvent.CLOSE}


def test_every_event_is_brought_about_by_the_operator_or_by_the_program() -> None:
    by_persons = {event for event in LaneEvent if role_of(event) is Role.STATION}
    assert by_persons == PERSONS
    assert {role for row in LANE.rows for role in row.roles} == {Role.STATION, Role.SERVICE}
    assert all(len(row.roles) == 1 for row in LANE.rows)


def test_every_state_can_be_reached() -> None:
    assert {row.target for row in LANE.rows} | {LANE.initial} == set(LaneState)


def test_what_is_not_in_the_table_is_refused_with_the_state_it_found() -> None:
    with pytest.raises(StateRefusal) as refused:
        LANE.after(LaneState.WORKING, LaneEvent.SKIP, role=Role.STATION)
    assert refused.value.code == "state-lane-working"
