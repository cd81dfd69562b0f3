"""Charts as bars: how long each is beside the longest, in tenths of a per cent.

A template draws them; whoever does not see them reads the same numbers in the same table.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cardservice.domain.lives import OrderState
from cardservice.registry.statistics import PlaceFigure, Step

WHOLE: Final = 1000
"""The length of the longest bar."""
LEAST: Final = 4  # so that what is not nothing can be seen
MOST_PLACES: Final = 12  # bars of a chart; the rest are one


@dataclass(frozen=True, slots=True)
class Bar:
    """A number and its length beside the longest, 0 to 1000."""

    number: int
    length: int


@dataclass(frozen=True, slots=True)
class StateBar:
    """How many orders are in a state."""

    state: OrderState
    bar: Bar


@dataclass(frozen=True, slots=True)
class StepBar:
    """How many cards took so many days."""

    step: Step
    bar: Bar


@dataclass(frozen=True, slots=True)
class PlaceBar:
    """Orders on their way to a place and cards that wait there; no name: all other places."""

    place: str
    on_the_way: Bar
    waiting: Bar


def bar(number: int, longest: int) -> Bar:
    """Return a bar for ``number``; nothing has no length, and the longest is 1000 long."""
    if number <= 0 or longest <= 0:
        return Bar(max(number, 0), 0)
    return Bar(number, max(LEAST, number * WHOLE // longest))


def state_bars(numbers: Mapping[OrderState, int]) -> tuple[StateBar, ...]:
    """Return a bar a state, in the order they have."""
    longest = max(numbers.values(), default=0)
    return tuple(StateBar(one, bar(number, longest)) for one, number in numbers.items())


def step_bars(steps: Sequence[Step]) -> tuple[StepBar, ...]:
    """Return a bar a step of days."""
    longest = max((one.cards for one in steps), default=0)
    return tuple(StepBar(one, bar(one.cards, longest)) for one in steps)


def place_bars(figures: Sequence[PlaceFigure]) -> tuple[PlaceBar, ...]:
    """Return two bars a place, the fullest place first; at most 12 places, the rest as one."""
    shown = tuple(_gathered(sorted(figures, key=_full, reverse=True)))
    longest = max((_full(one) for one in shown), default=0)
    return tuple(
        PlaceBar(one.place, bar(one.on_the_way, longest), bar(one.waiting, longest))
        for one in shown
    )


def _full(one: PlaceFigure) -> int:
    return one.on_the_way + one.waiting


def _gathered(figures: Sequence[PlaceFigure]) -> Iterator[PlaceFigure]:
    yield from figures[:MOST_PLACES]
    rest = figures[MOST_PLACES:]
    if rest:
        yield PlaceFigure(
            place="",
            on_the_way=sum(one.on_the_way for one in rest),
            waiting=sum(one.waiting for one in rest),
        )
