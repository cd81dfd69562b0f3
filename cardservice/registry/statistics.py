"""Figures of an office: orders by state, by place, and how long people waited for a card."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from cardservice.accounts.rights import Right
from cardservice.domain.lives import OrderState
from cardservice.registry.actor import Actor
from cardservice.registry.frame import Office
from cardservice.registry.ports_statistics import Issued, OrdersAtPlace

LOOKED_BACK: Final = timedelta(days=90)  # a quarter; what is older says little of today
MOST_ISSUED: Final = 5_000  # hand-overs that a figure is made of; so it costs the same for ever
# Upper ends of the steps in days; a policy is due after 45 working days at most (domain.md).
STEPS: Final = (1, 3, 7, 14, 21, 30, 45, 60, 90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How many cards took more than ``above`` and at most ``to`` days; None: without an end."""

    above: int
    to: int | None
    cards: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysToIssue:
    """From order to hand-over, in whole days begun.

    Attributes:
        cards: how many the figures are of.
        median: of the days; None: no card was handed over.
        steps: all of them, also those without a card.
        cut: there were more cards than are looked at; these are the last ones.
    """

    cards: int
    median: int | None
    steps: tuple[Step, ...]
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFigure:
    """Orders on their way to a place, and cards that wait there."""

    place: str
    on_the_way: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFigures:
    """What the charts show.

    Attributes:
        by_state: every state that is not final, in the order of an order's life.
        by_place: places with cards on the way or waiting, by name.
    """

    by_state: Mapping[OrderState, int]
    days: DaysToIssue
    by_place: tuple[PlaceFigure, ...]


def order_figures(office: Office, actor: Actor, region: str) -> OrderFigures:
    """Return the figures of a region's orders as they are now; raises ``role-not-allowed``."""
    actor.require(Right.STATISTICS)
    since = office.clock() - LOOKED_BACK
    with office.database.reading() as kept:
        states = kept.statistics.open_orders(region)
        places = kept.statistics.by_place(region)
        issued = kept.statistics.issued(region, since=since, limit=MOST_ISSUED + 1)
    return OrderFigures(
        by_state={one: states.get(one.value, 0) for one in _OPEN},
        days=days_to_issue(issued),
        by_place=tuple(_by_place(places)),
    )


def days_to_issue(issued: Iterable[Issued]) -> DaysToIssue:
    """Return the figures of cards that were handed over; at most 5,000 of them count."""
    every = list(issued)
    days = sorted(_days(one) for one in every[:MOST_ISSUED])
    ends: tuple[int | None, ...] = (*STEPS, None)
    return DaysToIssue(
        cards=len(days),
        median=days[(len(days) - 1) // 2] if days else None,
        steps=tuple(_step(days, above, to) for above, to in zip((0, *STEPS), ends, strict=True)),
        cut=len(every) > MOST_ISSUED,
    )


_OPEN: Final = (
    OrderState.QUEUED,
    OrderState.LEASED,
    OrderState.SPOILED,
    OrderState.PERSONALIZED,
    OrderState.IN_DELIVERY,
    OrderState.ARRIVED,
)


def _days(one: Issued) -> int:
    # A day begun counts: a card given in the hour it was ordered took one.
    return max(1, -((one.ordered_at - one.handed_at) // timedelta(days=1)))


def _step(days: list[int], above: int, to: int | None) -> Step:
    cards = sum(above < one and (to is None or one <= to) for one in days)
    return Step(above=above, to=to, cards=cards)


def _by_place(counted: Iterable[OrdersAtPlace]) -> Iterable[PlaceFigure]:
    found: dict[object, dict[str, int]] = {}
    names: dict[object, str] = {}
    for one in counted:
        found.setdefault(one.place_id, {})[one.state] = one.orders
        names[one.place_id] = one.place
    for id_, states in found.items():
        yield PlaceFigure(
            place=names[id_],
            on_the_way=states.get(OrderState.IN_DELIVERY.value, 0),
            waiting=states.get(OrderState.ARRIVED.value, 0),
        )
