"""Orders as the office looks at them: by state, overdue first, and one with all about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.lives import ORDER, OrderEvent, OrderState
from cardservice.domain.terms import Standing
from cardservice.registry.actor import Actor
from cardservice.registry.applications_reading import orders_due
from cardservice.registry.frame import Office
from cardservice.registry.ports_base import FIRST, Ask, Page
from cardservice.registry.ports_making import Card, Order
from cardservice.registry.ports_places import Place
from cardservice.registry.ports_policies import TemporaryCertificate

MOST_LATE: Final = 50  # lines of the page; whoever has more sees the worst, and the lists by state
_OPEN: Final = tuple(one for one in OrderState if one not in ORDER.final)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateOrder:
    """An order that is overdue, or nearly."""

    order: Order
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFile:
    """An order with what belongs to it; nothing of the person.

    Attributes:
        application: number of the application; None: the order came from none.
        events: what the asker may do with it.
    """

    order: Order
    application: str | None
    place: Place | None
    card: Card | None
    certificates: tuple[TemporaryCertificate, ...]
    events: frozenset[OrderEvent]


def late_orders(office: Office, actor: Actor, region: str) -> tuple[LateOrder, ...]:
    """Return the orders that are overdue or nearly, the longest overdue first; at most 50.

    Raises:
        Refusal: ``role-not-allowed``.
    """
    found = sorted(_late(office, actor, region), key=lambda one: (_due(one.order), one.order.id))
    return tuple(found[:MOST_LATE])


def orders_in(
    office: Office, actor: Actor, *, region: str, state: OrderState, ask: Ask = FIRST
) -> Page[Order]:
    """Return orders in a state, the soonest due first; raises ``role-not-allowed``."""
    actor.require(Right.ORDER_READ)
    with office.database.reading() as kept:
        return kept.orders.queue(region, state.value, ask)


def view_order(office: Office, actor: Actor, *, region: str, order_id: UUID) -> OrderFile:
    """Return an order with what belongs to it.

    Raises:
        Refusal: ``not-found``, ``role-not-allowed``.
    """
    actor.require(Right.ORDER_READ)
    with office.database.reading() as kept:
        order = kept.orders.get(region, order_id)
        made = order.application_id
        return OrderFile(
            order=order,
            application=None if made is None else kept.applications.get(region, made).number,
            place=None if order.place_id is None else kept.places.find(region, order.place_id),
            card=None if order.card_id is None else kept.cards.find(region, order.card_id),
            certificates=(() if made is None else kept.certificates.of_application(region, made)),
            events=frozenset(
                row.event for row in ORDER.possible(OrderState(order.state), actor.role)
            ),
        )


def _late(office: Office, actor: Actor, region: str) -> Iterator[LateOrder]:
    for state in _OPEN:
        page = orders_due(office, actor, region=region, state=state, ask=Ask(limit=MOST_LATE))
        for order, standing in page.rows:
            yield LateOrder(order=order, standing=standing)


def _due(order: Order) -> str:
    return "" if order.due_on is None else order.due_on.isoformat()
