"""How fast a lane is, and what it waits for."""

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.personalization.floor_rates import (
    LAST_CARDS,
    WHOLE,
    LaneRate,
    Part,
    bottleneck,
    shares_of,
)
from cardservice.personalization.lane_worker import Effort
from cardservice.personalization.lanes import Shares

S = 10**9


def a_rate(*, cards: int, every_s: float, effort: Effort = Effort()) -> LaneRate:  # noqa: B008
    rate = LaneRate(0)
    for one in range(1, cards + 1):
        rate.made(round(one * every_s * S), effort)
    return rate


def test_a_rate_needs_two_cards() -> None:
    assert a_rate(cards=1, every_s=7).per_hour == 0
    assert a_rate(cards=2, every_s=7.2).per_hour == 500


def test_a_rate_is_that_of_the_last_cards_and_forgets_a_slow_morning() -> None:
    rate = LaneRate(0)
    rate.made(3600 * S, Effort())
    for one in range(LAST_CARDS):
        rate.made((7200 + one * 36) * S, Effort())
    assert rate.per_hour == 100


def test_cards_at_one_moment_have_no_rate() -> None:
    assert a_rate(cards=3, every_s=0).per_hour == 0


def test_what_a_card_does_not_account_for_was_waited_for_a_hand() -> None:
    effort = Effort(chip_ns=5 * S, line_ns=2 * S, host_ns=1 * S)
    assert a_rate(cards=30, every_s=10, effort=effort).shares == Shares(
        chip=50, line=20, host=10, hand=20
    )


def test_shares_begin_with_the_shift_and_not_with_the_machine() -> None:
    rate = LaneRate(100 * S)
    rate.made(110 * S, Effort(chip_ns=5 * S))
    assert rate.shares == Shares(chip=50, hand=50)


@given(st.lists(st.integers(0, 10**15), min_size=4, max_size=4))
def test_shares_come_to_a_hundred_or_to_nothing(times: list[int]) -> None:
    shares = shares_of(dict(zip(Part, times, strict=True)))
    assert sum(astuple(shares)) == (WHOLE if any(times) else 0)
    for share, time in zip(astuple(shares), times, strict=True):
        assert not any(times) or abs(share - WHOLE * time / sum(times)) < 1


@pytest.mark.parametrize(
    ("shares", "found"),
    [
        (Shares(chip=71, line=22, host=1, hand=6), (Part.CHIP, 71)),
        (Shares(chip=10, line=20, host=30, hand=40), (Part.HAND, 40)),
        (Shares(chip=20, line=60, host=20), (Part.LINE, 60)),
        (Shares(), None),
    ],
)
def test_the_bottleneck_is_what_takes_most(shares: Shares, found: tuple[Part, int] | None) -> None:
    assert bottleneck(shares) == found
