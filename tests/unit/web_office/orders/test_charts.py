"""Bars are as long as their numbers, and figures count each card once."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cardservice.domain.lives import OrderState
from cardservice.registry.ports_statistics import Issued
from cardservice.registry.statistics import MOST_ISSUED, PlaceFigure, days_to_issue
from cardservice.web.office.orders.charts import (
    LEAST,
    MOST_PLACES,
    WHOLE,
    bar,
    place_bars,
    state_bars,
)

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def took(**time: float) -> Issued:
    return Issued(ordered_at=NOW, handed_at=NOW + timedelta(**time))


@given(st.integers(-5, 10**9), st.integers(-5, 10**9))
def test_a_bar_fits_and_what_is_not_nothing_is_seen(number: int, longest: int) -> None:
    drawn = bar(number, max(number, longest))
    assert 0 <= drawn.length <= WHOLE
    assert (drawn.length >= LEAST) == (number > 0)


def test_the_longest_bar_is_whole_and_half_of_it_half() -> None:
    bars = state_bars({OrderState.QUEUED: 40, OrderState.LEASED: 20, OrderState.ARRIVED: 0})
    assert [one.bar.length for one in bars] == [WHOLE, WHOLE // 2, 0]


def test_places_are_gathered_after_the_fullest() -> None:
    figures = [PlaceFigure(place=f"p{n}", on_the_way=n, waiting=1) for n in range(MOST_PLACES + 3)]
    bars = place_bars(figures)
    assert len(bars) == MOST_PLACES + 1
    assert bars[0].place == f"p{MOST_PLACES + 2}"
    assert (bars[-1].place, bars[-1].on_the_way.number, bars[-1].waiting.number) == ("", 3, 3)


def test_a_day_begun_is_a_day() -> None:
    figures = days_to_issue([took(minutes=1), took(days=1), took(days=1, seconds=1)])
    assert [one.cards for one in figures.steps[:2]] == [2, 1]
    assert figures.median == 1


def test_no_card_has_no_median() -> None:
    figures = days_to_issue([])
    assert (figures.cards, figures.median, figures.cut) == (0, None, False)


@given(st.lists(st.floats(0, 400), max_size=50))
def test_every_card_is_in_one_step(days: list[float]) -> None:
    figures = days_to_issue([took(days=one) for one in days])
    assert sum(one.cards for one in figures.steps) == figures.cards == len(days)


def test_no_more_cards_count_than_are_said() -> None:
    figures = days_to_issue([took(days=1)] * (MOST_ISSUED + 1))
    assert (figures.cards, figures.cut) == (MOST_ISSUED, True)
