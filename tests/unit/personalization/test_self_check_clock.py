"""The station's clock: moved is wrong, until a person has looked."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from cardservice.errors import Refusal
from cardservice.personalization.self_check_clock import ClockGuard

START = datetime(2026, 11, 11, 9, 30, tzinfo=UTC)


@dataclass
class Machine:
    """A wall clock that can be set, and time that only passes."""

    set_by: timedelta = timedelta()
    passed_s: float = 0.0
    guard: ClockGuard = field(init=False)

    def __post_init__(self) -> None:
        self.guard = ClockGuard(self.wall, lambda: self.passed_s)

    def wall(self) -> datetime:
        return START + timedelta(seconds=self.passed_s) + self.set_by


def test_a_clock_that_goes_on_is_right_however_long() -> None:
    machine = Machine()
    machine.passed_s = 7 * 24 * 3600.0
    assert machine.guard() == START + timedelta(days=7)
    assert machine.guard.jump == timedelta()


@pytest.mark.parametrize("seconds", [-60, -1, 1, 60])
def test_a_small_correction_is_no_jump(seconds: int) -> None:
    machine = Machine()
    machine.set_by = timedelta(seconds=seconds)
    machine.guard.require_right()
    assert machine.guard.jump == machine.set_by


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (timedelta(seconds=61), "forward by 61 s"),
        (timedelta(seconds=-61), "back by 61 s"),
        (timedelta(days=-3650), "back by 315360000 s"),
    ],
)
def test_a_jump_is_wrong_until_somebody_confirms_the_clock(by: timedelta, said: str) -> None:
    machine = Machine()
    machine.set_by = by
    for _ in range(2):
        with pytest.raises(Refusal, match=said) as refused:
            machine.guard()
        assert refused.value.code == "clock-wrong"
    machine.guard.confirm()
    assert machine.guard() == machine.wall()


def test_a_clock_that_was_wrong_and_is_right_again_is_looked_at_all_the_same() -> None:
    machine = Machine()
    machine.set_by = timedelta(hours=1)
    with pytest.raises(Refusal):
        machine.guard.require_right()
    machine.set_by = timedelta()
    with pytest.raises(Refusal, match="3600 s"):
        machine.guard.require_right()


def test_small_corrections_add_up_to_a_jump() -> None:
    machine = Machine()
    for minute in (1, 2):
        machine.guard.require_right()
        machine.passed_s, machine.set_by = 3600.0 * minute, timedelta(seconds=40 * minute)
    with pytest.raises(Refusal, match="80 s"):
        machine.guard.require_right()
