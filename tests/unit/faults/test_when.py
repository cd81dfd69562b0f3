"""Conditions: which command a fault strikes at."""

from collections.abc import Sequence

import pytest

from simulators.faults import Fault, FaultPlan, FaultRun, GiveStatus, Since, When
from tests.unit.faults.stage import LIFE_CYCLE, READ_4, SELECT_ROOT, Bench, plan_of

MARK = GiveStatus(sw=0x6FFF)
TEN = [LIFE_CYCLE] * 10


def _struck(when: When, commands: Sequence[bytes] = TEN) -> list[int]:
    return Bench(MARK, when=when).struck_at(commands)


@pytest.mark.parametrize(
    ("when", "struck"),
    [
        (When(), list(range(1, 11))),
        (When(nth=3), [3]),
        (When(nth=11), []),
        (When(every=4), [4, 8]),
        (When(nth=2, every=3), [2, 5, 8]),
        (When(nth=8, every=1), [8, 9, 10]),
        (When(times=2), [1, 2]),
        (When(every=3, times=2), [3, 6]),
    ],
)
def test_a_fault_strikes_at_the_commands_that_were_counted_out(
    when: When, struck: list[int]
) -> None:
    assert _struck(when) == struck


@pytest.mark.parametrize(
    ("header", "struck"),
    [
        ("00A4040C", [1, 4]),
        ("00A4****", [1, 4]),
        ("**B0****", [3]),
        ("0*C*DF01", [2]),
        ("80CADF01", []),
        ("********", [1, 2, 3, 4]),
    ],
)
def test_a_header_with_wildcards_chooses_commands(header: str, struck: list[int]) -> None:
    commands = [SELECT_ROOT, LIFE_CYCLE, READ_4, SELECT_ROOT]
    assert _struck(When(header=header), commands) == struck


def test_a_digit_of_a_header_that_is_no_star_must_be_the_same() -> None:
    commands = [bytes.fromhex(one) for one in ("80CADF01", "00CADF01", "00CADF11", "01CADF01")]
    assert _struck(When(header="00CADF01"), commands) == [2]


def test_only_commands_with_the_header_are_counted() -> None:
    commands = [SELECT_ROOT, LIFE_CYCLE, LIFE_CYCLE, SELECT_ROOT]
    assert _struck(When(header="00A4****", nth=2), commands) == [4]


def test_octets_that_are_no_header_match_no_header_but_are_counted_without_one() -> None:
    assert _struck(When(header="********"), [b"", b"\x00\xa4"]) == []
    assert _struck(When(nth=2), [b"", b"\x00\xa4"]) == [2]


@pytest.mark.parametrize(
    ("since", "struck"),
    [(Since.PLAN, [2]), (Since.POWER_UP, [2, 6]), (Since.RESET, [2, 4, 6])],
)
def test_counting_begins_with_the_plan_or_anew_with_the_power_or_a_reset(
    since: Since, struck: list[int]
) -> None:
    bench = Bench(MARK, when=When(nth=2, since=since))
    first = bench.struck_at([LIFE_CYCLE] * 2)
    bench.card.reset()
    second = [2 + n for n in bench.struck_at([LIFE_CYCLE] * 2)]
    bench.card.power_down()
    bench.card.power_up()
    third = [4 + n for n in bench.struck_at([LIFE_CYCLE] * 2)]
    assert first + second + third == struck


def test_a_probability_is_met_about_as_often_as_it_says_and_the_same_for_the_same_seed() -> None:
    when = When(probability=0.25)
    commands = [LIFE_CYCLE] * 400
    first = Bench(plan_of(MARK, when, seed=1)).struck_at(commands)
    assert 60 < len(first) < 140
    assert Bench(plan_of(MARK, when, seed=1)).struck_at(commands) == first
    assert Bench(plan_of(MARK, when, seed=2)).struck_at(commands) != first
    assert Bench(plan_of(MARK, when, seed=2), seed=1).struck_at(commands) == first


def test_another_fault_in_the_plan_does_not_change_what_a_fault_draws() -> None:
    rare = plan_of(MARK, When(probability=0.3), seed=5).faults
    other = plan_of(MARK, When(nth=1000, probability=0.5)).faults
    commands = [LIFE_CYCLE] * 50
    alone = Bench(FaultPlan(rare, 5)).struck_at(commands)
    assert Bench(FaultPlan(rare + other, 5)).struck_at(commands) == alone


def test_two_faults_of_a_plan_draw_apart() -> None:
    one, other = (Fault(GiveStatus(sw=sw), When(probability=0.5)) for sw in (0x6F01, 0x6F02))
    bench = Bench(FaultPlan((one, other), seed=1))
    # Of two that strike together the later is heard; dice of one kind would hide the first always.
    assert set(bench.send(*[LIFE_CYCLE] * 40)) == {"6F01", "6F02", "079000"}


def test_a_run_goes_on_counting_with_the_next_card() -> None:
    run = FaultRun(plan_of(MARK, When(nth=3)))
    assert Bench(run).struck_at([LIFE_CYCLE] * 2) == []
    assert Bench(run).struck_at([LIFE_CYCLE] * 2) == [1]


def test_what_is_told_of_a_fault_is_its_name_the_number_and_the_header_alone() -> None:
    bench = Bench(MARK, when=When(nth=2))
    bench.send(LIFE_CYCLE, bytes.fromhex("00200001083132333435363738"))
    assert bench.told == ["status at command 2 (00200001)"]
