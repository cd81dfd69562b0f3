"""Figures of an office; nothing of a person is in them."""

from typing import Annotated

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.domain.lives import OrderState
from cardservice.registry.statistics import OrderFigures, order_figures
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.common import Model
from cardservice.web.office.asking import Asking, asking

router = APIRouter(prefix="/statistics", tags=["statistics"])
Counting = Annotated[Asking, asking(Right.STATISTICS)]


class DaysStep(Model):
    """Cards that took more than ``above`` and at most ``to`` days; null: without an end."""

    above: int
    to: int | None
    cards: int


class DaysFigures(Model):
    """Days from order to hand-over of the last 90 days; ``cut``: there were more cards."""

    cards: int
    median: int | None
    steps: list[DaysStep]
    cut: bool


class StateFigure(Model):
    """How many orders are in a state."""

    state: OrderState
    orders: int


class PlaceFigureShown(Model):
    """Orders on their way to a place, and cards that wait there."""

    place: str
    on_the_way: int
    waiting: int


class OrderFiguresShown(Model):
    """Orders by state, how long cards took, and by place."""

    by_state: list[StateFigure]
    days: DaysFigures
    by_place: list[PlaceFigureShown]


@router.get("/orders", response_model=OrderFiguresShown, responses=SEEN)
def api_show_order_figures(who: Counting, known: Known = None) -> Response:
    """The figures of a region's orders as they are now."""
    return answered(_shown(order_figures(who.office, who.actor, who.region)), known)


def _shown(figures: OrderFigures) -> OrderFiguresShown:
    days = figures.days
    return OrderFiguresShown(
        by_state=[StateFigure(state=one, orders=n) for one, n in figures.by_state.items()],
        days=DaysFigures(
            cards=days.cards,
            median=days.median,
            steps=[DaysStep.model_validate(one) for one in days.steps],
            cut=days.cut,
        ),
        by_place=[PlaceFigureShown.model_validate(one) for one in figures.by_place],
    )
