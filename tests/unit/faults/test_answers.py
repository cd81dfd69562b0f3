"""Wrong, stale, short, late and disturbed answers at the seam."""

from itertools import pairwise

import pytest

from simulators.faults import (
    BitErrors,
    Delay,
    Direction,
    Fault,
    FaultPlan,
    GiveAnswer,
    GiveStatus,
    StaleAnswer,
    Truncate,
    When,
)
from tests.unit.faults.stage import (
    ATR_INFO,
    LIFE_CYCLE,
    READ_4,
    SELECT_ATR_INFO,
    SELECT_ROOT,
    Bench,
    plan_of,
)

BLANK = "079000"
INITIALIZE_UPDATE = bytes.fromhex("8050300008") + bytes(8)


def test_given_octets_come_in_place_of_the_answer() -> None:
    bench = Bench(GiveAnswer(octets=bytes.fromhex("C0FFEE")), when=When(nth=2))
    assert bench.send(*[LIFE_CYCLE] * 3) == [BLANK, "C0FFEE", BLANK]


def test_a_given_status_comes_alone_or_after_the_data() -> None:
    assert Bench(GiveStatus(sw=0x6A82)).send(LIFE_CYCLE) == ["6A82"]
    assert Bench(GiveStatus(sw=0x6282, keep_data=True)).send(LIFE_CYCLE) == ["076282"]


@pytest.mark.parametrize(
    "what", [GiveStatus(sw=0x6F00, executed=False), GiveAnswer(octets=b"o\0", executed=False)]
)
def test_a_card_can_give_an_answer_without_doing_the_command(
    what: GiveStatus | GiveAnswer,
) -> None:
    bench = Bench(what, when=When(nth=2))
    writes = bench.sound.memory.writes  # type: ignore[attr-defined]
    assert bench.send(SELECT_ROOT, INITIALIZE_UPDATE) == ["9000", "6F00"]
    assert bench.sound.memory.writes == writes  # type: ignore[attr-defined]
    assert len(bench.told) == 1


def test_a_stale_answer_is_that_of_an_earlier_command() -> None:
    bench = Bench(StaleAnswer(back=2), when=When(nth=4))
    assert bench.send(SELECT_ATR_INFO, LIFE_CYCLE, READ_4, SELECT_ATR_INFO) == [
        "9000",
        BLANK,
        "7F6608029000",
        BLANK,
    ]


def test_there_is_no_stale_answer_before_the_first_and_none_from_before_the_power_went() -> None:
    bench = Bench(StaleAnswer())
    assert bench.send(LIFE_CYCLE, SELECT_ROOT) == [BLANK, BLANK]
    bench.card.power_up()
    assert bench.send(SELECT_ROOT) == ["9000"]
    assert len(bench.told) == 1


@pytest.mark.parametrize(("keep", "left"), [(0, ""), (2, "7F66"), (4, "7F660802"), (9, "7F660802")])
def test_a_truncated_answer_keeps_its_beginning_and_never_its_status(keep: int, left: str) -> None:
    bench = Bench(Truncate(keep=keep), when=When(nth=2))
    assert bench.send(SELECT_ATR_INFO, READ_4)[1] == left


def test_a_delay_passes_on_the_clock_it_was_given() -> None:
    bench = Bench(Delay(ms=1_500), when=When(nth=2))
    assert bench.send(*[LIFE_CYCLE] * 3) == [BLANK] * 3
    assert bench.slept == [1.5]


def test_jitter_is_drawn_anew_each_time_within_its_bounds_and_is_repeatable() -> None:
    plan = plan_of(Delay(ms=100, jitter_ms=50), seed=3)
    first, second = Bench(plan), Bench(plan)
    first.send(*[LIFE_CYCLE] * 30)
    second.send(*[LIFE_CYCLE] * 30)
    assert first.slept == second.slept
    assert len(set(first.slept)) == 30
    assert all(0.1 <= seconds <= 0.15 for seconds in first.slept)


@pytest.mark.parametrize("bits", [1, 3, 24])
def test_so_many_bits_of_the_answer_are_turned_over(bits: int) -> None:
    found = int(Bench(BitErrors(bits=bits)).send(LIFE_CYCLE)[0], 16)
    assert (found ^ int(BLANK, 16)).bit_count() == bits


def test_more_bits_than_there_are_turn_all_of_them_over() -> None:
    assert Bench(BitErrors(bits=4_096)).send(LIFE_CYCLE) == ["F86FFF"]


def test_turned_bits_differ_from_time_to_time_and_are_the_same_for_the_same_seed() -> None:
    plan = plan_of(BitErrors(), seed=9)
    answers = Bench(plan).send(*[LIFE_CYCLE] * 20)
    assert Bench(plan).send(*[LIFE_CYCLE] * 20) == answers
    assert any(one != other for one, other in pairwise(answers))


def test_bits_of_the_command_are_turned_over_before_the_card_sees_it() -> None:
    bench = Bench(BitErrors(bits=40, of=Direction.COMMAND))
    assert bench.send(LIFE_CYCLE) == ["6E00"]
    assert bench.send(b"") == ["6700"]


def test_faults_of_one_command_act_in_the_order_of_the_plan() -> None:
    given, short = Fault(GiveAnswer(octets=ATR_INFO)), Fault(Truncate(keep=2))
    assert Bench(FaultPlan((given, short))).send(LIFE_CYCLE) == ["7F66"]
    assert Bench(FaultPlan((short, given))).send(LIFE_CYCLE) == [ATR_INFO.hex().upper()]
