"""Orders: by state, one with all about it, and what the office does with one by hand."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cardservice.accounts.rights import Right
from cardservice.domain.lives import OrderState
from cardservice.domain.terms import Standing, standing
from cardservice.registry.applications_reading import orders_due
from cardservice.registry.orders_reading import orders_in, view_order
from cardservice.registry.ports_base import Ask, Page
from cardservice.registry.ports_making import Order
from cardservice.registry.stations_orders import (
    CancelOrder,
    CancelReason,
    QueueOrderAgain,
    SpoilOrder,
    SpoilReason,
    cancel_order,
    queue_order_again,
    spoil_order,
)
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.cards.models import OrderShown, QueuedOrder, order_shown, queued
from cardservice.web.api.cards.typed import BlankSerial, octets_of
from cardservice.web.api.commands import Change
from cardservice.web.api.common import NOT_FOUND, Done, Model, PageOf
from cardservice.web.api.paging import Wish
from cardservice.web.api.typed import Flag
from cardservice.web.office.asking import Asking, asking

router = APIRouter(prefix="/orders", tags=["orders"])
Reading = Annotated[Asking, asking(Right.ORDER_READ)]
Changing = Annotated[Asking, asking(Right.ORDER_CHANGE)]
_LIST: Final = "orders"


class Spoiling(Model):
    """Why the card, or its blank, is of no use; ``again``: queue the order at once.

    ``chip_serial``: of the blank that a station began; null: it is counted and not named.
    """

    reason: SpoilReason
    again: Flag = True
    chip_serial: BlankSerial | None = None


class Cancelling(Model):
    """Why no card is to be made or handed over."""

    reason: CancelReason


@router.get("", response_model=PageOf[QueuedOrder], responses=SEEN)
def api_list_orders(
    who: Reading,
    *,
    state: Annotated[OrderState, Query()] = OrderState.QUEUED,
    due: Annotated[bool, Query(description="Only what is overdue or nearly.")] = False,
    wish: Wish,
    known: Known = None,
) -> Response:
    """The orders in a state, the soonest due first; nothing of their persons."""
    page = (_late if due else _all)(who, state, wish.ask(_LIST))
    rows = [queued(*one) for one in page.rows]
    return answered(PageOf(items=rows, next=wish.after(page.after, _LIST)), known)


@router.get("/{order_id:uuid}", response_model=OrderShown, responses=SEEN | NOT_FOUND)
def api_show_order(who: Reading, order_id: UUID, known: Known = None) -> Response:
    """One order with its place, its card, and what can be done with it."""
    file = view_order(who.office, who.actor, region=who.region, order_id=order_id)
    return answered(order_shown(file), known, version=file.order.version)


@router.post("/{order_id:uuid}/spoiling", responses=NOT_FOUND)
def api_spoil_order(who: Changing, order_id: UUID, *, sent: Change, why: Spoiling) -> Done:
    """Say that the card made for it, or the blank begun for it, is of no use."""
    command = SpoilOrder(
        region=who.region,
        key=sent.key,
        order_id=order_id,
        version=sent.version,
        reason=why.reason,
        again=why.again,
        chip_serial=octets_of(why.chip_serial),
    )
    return sent.done(spoil_order(who.office, who.actor, command))


@router.post("/{order_id:uuid}/requeueing", responses=NOT_FOUND)
def api_queue_order_again(who: Changing, order_id: UUID, *, sent: Change) -> Done:
    """Have a spoiled order made after all."""
    command = QueueOrderAgain(
        region=who.region, key=sent.key, order_id=order_id, version=sent.version
    )
    return sent.done(queue_order_again(who.office, who.actor, command))


@router.post("/{order_id:uuid}/cancellation", responses=NOT_FOUND)
def api_cancel_order(who: Changing, order_id: UUID, *, sent: Change, why: Cancelling) -> Done:
    """Say that no card is to be made or handed over; a card made for it ends."""
    command = CancelOrder(
        region=who.region,
        key=sent.key,
        order_id=order_id,
        version=sent.version,
        reason=why.reason,
    )
    return sent.done(cancel_order(who.office, who.actor, command))


def _late(who: Asking, state: OrderState, ask: Ask) -> Page[tuple[Order, Standing]]:
    return orders_due(who.office, who.actor, region=who.region, state=state, ask=ask)


def _all(who: Asking, state: OrderState, ask: Ask) -> Page[tuple[Order, Standing | None]]:
    page = orders_in(who.office, who.actor, region=who.region, state=state, ask=ask)
    return Page(rows=tuple((one, _standing(who, one)) for one in page.rows), after=page.after)


def _standing(who: Asking, order: Order) -> Standing | None:
    # From arrival on a card waits for its person, not for us.
    if order.due_on is None or order.state not in _PRESSING:
        return None
    days = who.office.settings.rules.warning_days.value
    return standing(order.due_on, who.office.today, warning_days=days)


_PRESSING: Final = frozenset(OrderState) - {
    OrderState.ARRIVED,
    OrderState.HANDED_OVER,
    OrderState.CANCELLED,
}
