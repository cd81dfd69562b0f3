"""The way of cards to a point of issue: dispatch lists, and what arrived.

Whose card arrived is told so, in the same transaction.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.lives import OrderEvent, OrderState
from cardservice.domain.roles import Role
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office
from cardservice.registry.outbox_values import Template
from cardservice.registry.places_form import expect_open
from cardservice.registry.ports_base import FIRST, MAX_PAGE, Ask, Page
from cardservice.registry.ports_making import Order
from cardservice.registry.ports_places import Place
from cardservice.registry.stations import moved_order

LONGEST_LIST: Final = MAX_PAGE  # orders; this project's own, a page of a list is as long
_LIST_COUNTER: Final = "dispatch-list"
_NOTICE_LENGTH: Final = 200  # characters of a parameter of a notification


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchOrders(OfficeCommand):
    """Made cards leave for a point of issue.

    Attributes:
        order_ids: 1 to 200, each once.
    """

    place_id: UUID
    order_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArriveOrders(OfficeCommand):
    """Cards of a dispatch list are there.

    Attributes:
        dispatch: number of the list.
        order_ids: those that are there; empty: all that are on their way.
    """

    dispatch: str
    order_ids: tuple[UUID, ...] = ()


def dispatch_orders(office: Office, actor: Actor, command: DispatchOrders) -> Answer:
    """Return the place with the dispatch list's ``number``; all its orders are in delivery.

    Raises:
        Refusal: ``list-length``, ``place-closed``, ``place-does-not-hand-over``,
            ``state-order-…``, ``not-found`` or ``role-not-allowed``; nothing has left then.
    """
    return office.carry_out(actor, command, _dispatch)


def arrive_orders(office: Office, actor: Actor, command: ArriveOrders) -> Answer:
    """Return the list's place; ``made`` says how many arrived, and how many people were told.

    Raises:
        Refusal: ``list-unknown``; ``not-on-list``: an order travels with another list, or not;
            ``state-order-…``, or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _arrive)


def dispatch_list(
    office: Office, actor: Actor, region: str, number: str, *, ask: Ask = FIRST
) -> Page[Order]:
    """Return the orders on a dispatch list, whatever became of them; no data of a person.

    Raises:
        Refusal: ``role-not-allowed``.
    """
    if actor.role is not Role.STATION:  # which fills the lists, and carries none
        actor.require(Right.DELIVERY)
    with office.database.reading() as kept:
        return kept.orders.of_dispatch(region, number, ask)


def where_is(place: Place) -> str:
    """Return name and address of a place, as a notification says them."""
    return f"{place.name}, {place.address}"[:_NOTICE_LENGTH]


def _dispatch(act: Act, command: DispatchOrders) -> Answer:
    ids = command.order_ids
    if not 1 <= len(ids) <= LONGEST_LIST or len(set(ids)) != len(ids):
        sentence = f"A dispatch list has 1 to {LONGEST_LIST} orders, each once."
        raise Refusal("list-length", sentence, field="order_ids")
    place = act.work.places.get(act.region, command.place_id)
    expect_open(place, act.today)
    if not place.collects:
        raise Refusal("place-does-not-hand-over", "No cards are handed over at this place.")
    number = f"{act.work.counters.next(act.region, _LIST_COUNTER):06}"
    for id_ in ids:
        order = act.work.orders.get(act.region, id_)
        moved_order(act, order, OrderEvent.DISPATCH, dispatch=number, place_id=place.id)
    act.record("dispatch.send", "place", place.id, list=number)
    return Answer(id=place.id, version=place.version, number=number)


def _arrive(act: Act, command: ArriveOrders) -> Answer:
    listed = {one.id: one for one in _on_list(act, command.dispatch)}
    if not listed:
        raise Refusal("list-unknown", "There is no such dispatch list.", field="dispatch")
    if not listed.keys() >= set(command.order_ids):
        raise Refusal("not-on-list", "An order is not on this dispatch list.", field="order_ids")
    chosen = dict.fromkeys(command.order_ids) or [
        one.id for one in listed.values() if one.state == OrderState.IN_DELIVERY
    ]
    orders = [moved_order(act, listed[id_], OrderEvent.ARRIVE) for id_ in chosen]
    place = _place(act, next(iter(listed.values())))
    act.record("dispatch.arrive", "place", place.id, list=command.dispatch)
    told = sum(_tell(act, order, place) for order in orders)
    made = {"arrived": str(len(orders)), "told": str(told)}
    return Answer(id=place.id, version=place.version, number=command.dispatch, made=made)


def _on_list(act: Act, dispatch: str) -> Iterator[Order]:
    ask: Ask | None = Ask(limit=MAX_PAGE)
    while ask is not None:
        page = act.work.orders.of_dispatch(act.region, dispatch, ask)
        yield from page.rows
        ask = None if page.after is None else replace(ask, after=page.after)


def _place(act: Act, order: Order) -> Place:
    if order.place_id is None:
        raise Refusal("list-unknown", "This dispatch list goes nowhere.", field="dispatch")
    return act.work.places.get(act.region, order.place_id)


def _tell(act: Act, order: Order, place: Place) -> bool:
    # The notification names the application; who has none was told of at the office.
    if order.application_id is None:
        return False
    application = act.work.applications.get(act.region, order.application_id)
    policy = act.work.policies.get(act.region, order.policy_id)
    person = act.work.people.get(act.region, policy.person_id)
    parameters = {"application": application.number, "place": where_is(place)}
    return act.notify(
        Template.READY_FOR_COLLECTION, parameters, email=person.email, phone=person.phone
    )
