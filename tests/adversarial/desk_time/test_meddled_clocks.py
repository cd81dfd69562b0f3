"""Clocks set back and forward, while the desk runs and while it is off; and 72 hours."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.verdict import CheckName, Outcome, Reason
from tests.adversarial.desk_time.desks import HOLDS, HOUR, SECOND, WholeDesk

VALID, UNDECIDED = Outcome.VALID, Outcome.UNDECIDED
BLOCKED = CheckName.CARD_NOT_BLOCKED
DAY = timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path) -> WholeDesk:
    made = WholeDesk(tmp_path / "desk")
    made.refresh()
    return made


def reason(desk: WholeDesk) -> Reason:
    return desk.check(BLOCKED).reason


def test_a_good_card_is_valid_without_a_network_and_its_age_is_shown(desk: WholeDesk) -> None:
    desk.run(5 * HOUR)
    check = desk.check(BLOCKED)
    assert desk.outcome() is VALID
    assert (check.age, check.at_least) == (5 * HOUR, False)


def test_a_desk_that_was_off_knows_ages_as_lower_bounds(desk: WholeDesk) -> None:
    desk.off(5 * HOUR)
    check = desk.check(BLOCKED)
    assert desk.outcome() is VALID
    assert (check.age, check.at_least) == (5 * HOUR, True)


def test_72_hours_running_is_valid_and_a_second_more_is_undecided(desk: WholeDesk) -> None:
    desk.run(HOLDS)
    assert desk.outcome() is VALID
    desk.run(SECOND)
    assert desk.outcome() is UNDECIDED
    assert reason(desk) is Reason.KNOWLEDGE_TOO_OLD


def test_72_hours_off_is_valid_and_a_second_more_is_undecided(desk: WholeDesk) -> None:
    desk.off(HOLDS)
    assert desk.outcome() is VALID
    desk.run(SECOND)
    assert desk.outcome() is UNDECIDED
    assert reason(desk) is Reason.KNOWLEDGE_TOO_OLD


@pytest.mark.parametrize("days", [1, 30, 4_000])
def test_a_clock_set_back_while_the_desk_runs_makes_nothing_younger(
    days: int, desk: WholeDesk
) -> None:
    desk.clocks.wall -= days * DAY
    desk.run(HOLDS + SECOND)
    assert desk.time.now().grade is TimeGrade.PROVEN
    assert desk.outcome() is UNDECIDED


@pytest.mark.parametrize("days", [1, 30, 4_000])
def test_a_clock_set_back_while_the_desk_is_off_leaves_it_undecided(
    days: int, desk: WholeDesk
) -> None:
    desk.off(-days * DAY)
    assert desk.time.now().grade is TimeGrade.UNKNOWN
    assert desk.outcome() is UNDECIDED
    assert reason(desk) is Reason.TIME_UNKNOWN


def test_a_clock_that_is_set_to_the_bound_at_each_start_gains_no_more_than_72_hours(
    desk: WholeDesk,
) -> None:
    bound = desk.clocks.wall
    decided = timedelta(0)
    for _ in range(20):
        desk.off(timedelta(0))
        desk.clocks.wall = max(bound, desk.time.now().at)
        if desk.outcome() is not VALID:
            break
        desk.run(6 * HOUR)
        decided += 6 * HOUR
    assert decided == HOLDS + 6 * HOUR
    assert reason(desk) is Reason.KNOWLEDGE_TOO_OLD


@pytest.mark.parametrize("days", [4, 30, 4_000])
def test_a_clock_set_forward_makes_everything_too_old_and_no_card_invalid(
    days: int, desk: WholeDesk
) -> None:
    desk.clocks.wall += days * DAY
    assert desk.time.now().grade is TimeGrade.AT_LEAST
    assert desk.outcome() is UNDECIDED
    desk.off(timedelta(0))
    assert desk.outcome() is UNDECIDED


def test_a_clock_set_forward_and_back_does_not_prove_the_time_again(desk: WholeDesk) -> None:
    desk.clocks.wall += DAY
    desk.time.now()
    desk.clocks.wall -= DAY
    assert desk.time.now().grade is TimeGrade.AT_LEAST


def test_a_clock_set_forward_does_not_spoil_the_bound(desk: WholeDesk) -> None:
    desk.clocks.wall += 4_000 * DAY
    desk.run(HOUR)
    desk.off(-4_000 * DAY)
    assert desk.time.now().grade is TimeGrade.AT_LEAST
    assert desk.outcome() is VALID


def test_a_machine_that_sleeps_three_days_does_not_wake_up_in_the_past(desk: WholeDesk) -> None:
    desk.clocks.sleep(HOLDS + SECOND)
    moment = desk.time.now()
    assert (moment.grade, moment.at) == (TimeGrade.AT_LEAST, desk.clocks.wall)
    assert desk.outcome() is UNDECIDED
    assert reason(desk) is Reason.KNOWLEDGE_TOO_OLD


def test_a_folder_copied_back_from_a_backup_is_an_older_state_and_no_better_one(
    desk: WholeDesk, tmp_path: Path
) -> None:
    desk.time.stop()
    shutil.copytree(desk.folder, tmp_path / "backup")
    desk.run(60 * HOUR)
    desk.time.stop()
    shutil.rmtree(desk.folder)
    shutil.copytree(tmp_path / "backup", desk.folder)
    desk.boot()
    moment = desk.time.now()
    assert (moment.grade, moment.since_proof) == (TimeGrade.AT_LEAST, 60 * HOUR)
    assert desk.check(BLOCKED).age == 60 * HOUR
    desk.run(12 * HOUR + SECOND)
    assert desk.outcome() is UNDECIDED


def test_a_time_file_that_is_deleted_makes_nothing_valid(desk: WholeDesk) -> None:
    desk.time.stop()
    (desk.folder / "time.json").unlink()
    desk.boot()
    assert desk.outcome() is UNDECIDED
    assert reason(desk) is Reason.KNOWLEDGE_TOO_OLD


def test_a_desk_whose_battery_is_dead_decides_again_once_it_reaches_the_service(
    desk: WholeDesk,
) -> None:
    desk.off(30 * DAY)
    desk.clocks.wall -= 3_000 * DAY
    desk.boot()
    assert desk.outcome() is UNDECIDED
    desk.refresh()
    assert desk.time.now().grade is TimeGrade.PROVEN
    assert desk.outcome() is VALID
