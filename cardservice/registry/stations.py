"""What stations do with the queue: lease an order for a term, renew the lease, give it back.

A leased order is one station's until the lease ends; then it returns to the queue by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.lives import ORDER, CardState, OrderEvent, OrderState, PolicyState
from cardservice.errors import Refusal
from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.actor import SERVICE, Actor
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.ports_base import Ask
from cardservice.registry.ports_making import Order
from cardservice.registry.stations_numbers import allot_number

LEASE_MINUTES: Final = 30  # this project's own: making one card takes a few
LONGEST_LEASE_MINUTES: Final = 24 * 60  # this project's own
_LEASE_ENDED: Final = "lease-ended"
_POLICY_CLOSED: Final = "policy-closed"
_CARD_ENDED: Final = "card-ended"
_NO_LEASE: Final[Mapping[str, Any]] = {"station": None, "leased_until": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseOrder(OfficeCommand):
    """A station wants an order to make.

    Attributes:
        order_id: that one; None: the one that is due the soonest.
        works: what it may be then; None: anything. A machine that feeds blanks makes new cards.
        minutes: how long, 1 to 1440.
    """

    order_id: UUID | None = None
    works: tuple[CardWork, ...] | None = None
    minutes: int = LEASE_MINUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewLease(OfficeCommand):
    """A station needs longer; ``minutes`` from now, 1 to 1440."""

    order_id: UUID
    version: int
    minutes: int = LEASE_MINUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveBackOrder(OfficeCommand):
    """A station cannot make an order now; no blank was begun for it."""

    order_id: UUID
    version: int


def lease_order(office: Office, actor: Actor, command: LeaseOrder) -> Answer:
    """Return the order that is the station's from now on.

    A new card gets a place in the status list with every lease: what an earlier station was given
    may be on a chip.

    Raises:
        Refusal: ``queue-empty``; ``state-order-…``: not in the queue; ``lease-term-wrong``;
            ``status-list-full``; ``not-found``; ``role-not-allowed``. ``duplicate``: two regions
            drew one number at the same moment, which sending it again mends.
    """
    return office.carry_out(actor, command, _lease)


def renew_lease(office: Office, actor: Actor, command: RenewLease) -> Answer:
    """Return the order, leased for longer.

    Raises:
        Refusal: ``lease-not-yours``: it returned to the queue, or is another station's;
            ``lease-term-wrong``; ``stale``; ``not-found``; ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _renew)


def give_back_order(office: Office, actor: Actor, command: GiveBackOrder) -> Answer:
    """Return the order, in the queue again; cancelled if it can come to nothing any more.

    Raises:
        Refusal: ``lease-not-yours``, ``stale``, ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _give_back)


def return_expired_leases(office: Office, region: str) -> int:
    """Return how many orders went back to the queue because their leases ended; at most 200."""
    return office.run(SERVICE, region, _return_expired)


def moved_order(
    act: Act, order: Order, event: OrderEvent, *, ground: str = "", **changes: Any
) -> Order:
    """Return the order as kept after ``event``, recorded.

    Raises:
        Refusal: ``state-order-…``, ``role-not-allowed`` or ``ground-missing``.
    """
    state = ORDER.after(OrderState(order.state), event, role=act.actor.role, ground=ground)
    kept = replace(order, state=state.value, updated_at=act.now, **changes)
    changed = act.work.orders.change(kept)
    act.record(f"order.{event.value}", "order", order.id, ground=ground or None, state=state.value)
    return changed


def back_in_queue(
    act: Act, order: Order, event: OrderEvent, *, ground: str = "", **changes: Any
) -> Order:
    """Return the order as kept after ``event`` brought it back into the queue, recorded.

    One that can come to nothing any more, because its policy was closed or the card it was to
    be done to ended while a station had it, is cancelled at once by this service: it would stand at
    the head of the queue for ever.

    Raises:
        Refusal: ``state-order-…``, ``role-not-allowed`` or ``ground-missing``.
    """
    queued = moved_order(act, order, event, ground=ground, **changes)
    why = _pointless(act, queued)
    if why is None:
        return queued
    return moved_order(replace(act, actor=SERVICE), queued, OrderEvent.CANCEL, ground=why)


def expect_lease(act: Act, order: Order) -> None:
    """Return if the actor has the order leased; raises Refusal ``lease-not-yours``."""
    if order.state != OrderState.LEASED or order.station != act.actor.name:
        raise Refusal("lease-not-yours", "This order is not leased to this station.")


def order_answer(order: Order, **made: str) -> Answer:
    """Return what a command about ``order`` answers."""
    return Answer(id=order.id, version=order.version, state=order.state, made=made)


def _lease(act: Act, command: LeaseOrder) -> Answer:
    act.actor.require(Right.ORDER_MAKE)
    until = _until(act, command.minutes)
    _return_expired(replace(act, actor=SERVICE))
    order = _wanted(act, command)
    number = allot_number(act, order) if order.work == CardWork.NEW_CARD else None
    leased = moved_order(
        act,
        order,
        OrderEvent.LEASE,
        station=act.actor.name,
        leased_until=until,
        new_card_number=number,
    )
    return order_answer(leased)


def _wanted(act: Act, command: LeaseOrder) -> Order:
    if command.order_id is not None:
        return act.work.orders.get(act.region, command.order_id)
    ask, works = Ask(limit=1), command.works
    queue = act.work.orders.queue(act.region, OrderState.QUEUED, ask, works=works).rows
    if not queue:
        raise Refusal("queue-empty", "There is no order to make.")
    return queue[0]


def _renew(act: Act, command: RenewLease) -> Answer:
    act.actor.require(Right.ORDER_MAKE)
    order = act.work.orders.get(act.region, command.order_id)
    expect_lease(act, order)
    expect_version(order, command.version)
    until = _until(act, command.minutes)
    renewed = act.work.orders.change(replace(order, leased_until=until, updated_at=act.now))
    act.record("order.renew-lease", "order", order.id)
    return order_answer(renewed)


def _give_back(act: Act, command: GiveBackOrder) -> Answer:
    act.actor.require(Right.ORDER_MAKE)
    order = act.work.orders.get(act.region, command.order_id)
    expect_lease(act, order)
    expect_version(order, command.version)
    return order_answer(back_in_queue(act, order, OrderEvent.GIVE_BACK, **_NO_LEASE))


def _return_expired(act: Act) -> int:
    ended = act.work.orders.lease_run_out(act.region, OrderState.LEASED, act.now)
    for order in ended:
        back_in_queue(act, order, OrderEvent.GIVE_BACK, ground=_LEASE_ENDED, **_NO_LEASE)
    return len(ended)


def _pointless(act: Act, queued: Order) -> str | None:
    """Return why nobody can do an order of the queue; None: a station can."""
    if act.work.policies.get(queued.region, queued.policy_id).state == PolicyState.CLOSED:
        return _POLICY_CLOSED
    # A queued order with a card is work on that card.
    card = None if queued.card_id is None else act.work.cards.get(queued.region, queued.card_id)
    return _CARD_ENDED if card is not None and card.state == CardState.TERMINATED else None


def _until(act: Act, minutes: int) -> datetime:
    if not 1 <= minutes <= LONGEST_LEASE_MINUTES:
        sentence = f"A lease lasts 1 to {LONGEST_LEASE_MINUTES} minutes."
        raise Refusal("lease-term-wrong", sentence, field="minutes")
    return act.now + timedelta(minutes=minutes)
