"""The clock that lets time pass on the wall, with a wall that is moved by hand."""

import pytest

from simulators.models import Part, RealClock, Split
from simulators.models.clock import MOST_MADE_UP_NS
from tests.unit.simulators.models.presenting import NS_A_MS
from tests.unit.simulators.models.wall import NS_A_SECOND, Wall


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def clock(wall: Wall) -> RealClock:
    return RealClock(sleep=wall.sleep, now=wall.now)


def _command(clock: RealClock, wall: Wall, *, milliseconds: int, computed_ns: int = 0) -> int:
    """Let one command pass; return how long it took on the wall."""
    began = wall.now_ns
    clock.begin()
    wall.compute(computed_ns)
    clock.spend(Part.CHIP, milliseconds * NS_A_MS)
    clock.settle()
    return wall.now_ns - began


def test_what_was_spent_is_slept_at_once_when_the_answer_leaves(
    clock: RealClock, wall: Wall
) -> None:
    clock.begin()
    clock.spend(Part.LINE, 3 * NS_A_MS)
    clock.spend(Part.READER, 2 * NS_A_MS)
    assert wall.sleeps == []
    clock.settle()
    assert wall.sleeps == [5 * NS_A_MS]
    assert clock.spent == Split(line_ns=3 * NS_A_MS, reader_ns=2 * NS_A_MS)


def test_what_the_simulator_computed_is_part_of_the_cards_time(
    clock: RealClock, wall: Wall
) -> None:
    assert _command(clock, wall, milliseconds=10, computed_ns=4 * NS_A_MS) == 10 * NS_A_MS
    assert wall.sleeps == [6 * NS_A_MS]


def test_sleeping_too_long_is_taken_off_the_next_sleep_so_the_sum_does_not_drift(
    clock: RealClock, wall: Wall
) -> None:
    wall.oversleep_ns = NS_A_MS
    took = [_command(clock, wall, milliseconds=10) for _ in range(1000)]
    assert took[0] == 11 * NS_A_MS
    assert sum(took) == 1000 * 10 * NS_A_MS + NS_A_MS


def test_computing_longer_than_the_model_says_is_made_up_for_later(
    clock: RealClock, wall: Wall
) -> None:
    assert _command(clock, wall, milliseconds=10, computed_ns=30 * NS_A_MS) == 30 * NS_A_MS
    assert [_command(clock, wall, milliseconds=15) for _ in range(3)] == [
        0,
        10 * NS_A_MS,
        15 * NS_A_MS,
    ]


def test_a_machine_that_stood_still_is_made_up_for_to_a_tenth_of_a_second_only(
    clock: RealClock, wall: Wall
) -> None:
    _command(clock, wall, milliseconds=10, computed_ns=60 * NS_A_SECOND)
    took = [_command(clock, wall, milliseconds=10) for _ in range(20)]
    assert sum(took) == 20 * 10 * NS_A_MS - MOST_MADE_UP_NS


def test_time_between_commands_is_nobodys(clock: RealClock, wall: Wall) -> None:
    _command(clock, wall, milliseconds=10)
    wall.compute(3600 * NS_A_SECOND)
    assert _command(clock, wall, milliseconds=10) == 10 * NS_A_MS


def test_a_wait_of_the_chip_passes_when_the_chip_waits(clock: RealClock, wall: Wall) -> None:
    clock.begin()
    clock.wait(8)
    assert wall.sleeps == [8 * NS_A_SECOND]
    clock.spend(Part.LINE, 2 * NS_A_MS)
    clock.settle()
    assert wall.sleeps[1:] == [2 * NS_A_MS]
    assert clock.spent == Split(chip_ns=8 * NS_A_SECOND, line_ns=2 * NS_A_MS)


def test_a_sleep_that_somebody_cut_short_is_not_slept_later(wall: Wall) -> None:
    clock = RealClock(sleep=lambda _seconds: True, now=wall.now)
    assert _command(clock, wall, milliseconds=50) == 0
    wall_again = RealClock(sleep=wall.sleep, now=wall.now)
    assert _command(wall_again, wall, milliseconds=50) == 50 * NS_A_MS
