"""Orders that follow from a change of a policy: a new card, or a new record on the present one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from cardservice.domain.lives import ORDER, CardEvent, CardState, OrderState
from cardservice.domain.reasons import DuplicateCause
from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.actor import SERVICE
from cardservice.registry.cards import BlockReason, UnblockReason, end_card, moved_card
from cardservice.registry.frame import Act
from cardservice.registry.ports_making import Card, Order
from cardservice.registry.ports_policies import Policy
from cardservice.registry.stations_cancelling import cancelled

ORDER_KIND: Final = "order"
CARD_KIND: Final = "card"
_USABLE: Final = frozenset({CardState.ACTIVE.value, CardState.BLOCKED.value})
_WRITE_RECORD: Final = frozenset({CardWork.NEW_CARD.value, CardWork.CHANGE_INSURER.value})
_GONE: Final = {
    DuplicateCause.LOST: CardEvent.REPORT_LOST,
    DuplicateCause.STOLEN: CardEvent.REPORT_STOLEN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWish:
    """What is to be made, for what, until when.

    Attributes:
        place_id: where it is to be handed over.
        card_id: that the work is to be done to. An order for a new card has none before a
            station has made it.
        ground: why, a code; None: it follows from the application or the change.
    """

    application_id: UUID | None = None
    due_on: date | None = None
    place_id: UUID | None = None
    card_id: UUID | None = None
    work: CardWork = CardWork.NEW_CARD
    ground: str | None = None


def order_card(act: Act, policy: Policy, wish: CardWish) -> UUID:
    """Queue an order and return its id."""
    order = Order(
        region=act.region,
        id=act.new_id(),
        application_id=wish.application_id,
        policy_id=policy.id,
        card_id=wish.card_id,
        place_id=wish.place_id,
        work=wish.work.value,
        ground=wish.ground,
        state=ORDER.initial.value,
        due_on=wish.due_on,
        created_at=act.now,
        updated_at=act.now,
    )
    act.work.orders.add(order)
    details = {"policy": str(policy.id), "kind": wish.work.value}
    act.record("order.make", ORDER_KIND, order.id, ground=wish.ground, **details)
    return order.id


def card_in_use(act: Act, policy: Policy) -> Card | None:
    """Return the newest card of a policy that was handed over and not terminated, or None."""
    cards = act.work.cards.of_policy(policy.region, policy.id)
    return next((one for one in reversed(cards) if one.state in _USABLE), None)


def open_orders(act: Act, policy: Policy) -> Iterator[Order]:
    """Yield the orders of a policy that are neither handed over nor cancelled."""
    for one in act.work.orders.of_policy(policy.region, policy.id):
        if OrderState(one.state) not in ORDER.final:
            yield one


def will_have_record(act: Act, policy: Policy) -> bool:
    """Return whether an open order puts the insurer record of its day onto a card anyway."""
    return any(one.work in _WRITE_RECORD for one in open_orders(act, policy))


def cancel_orders(act: Act, policy: Policy, *, ground: str) -> None:
    """Cancel the open orders of a policy; a card made for one of them is terminated.

    One that a station has leased is left: it is cancelled when the station gives it back, and
    the hand-over of what was made of it is refused, since the policy is closed then.
    """
    for one in open_orders(act, policy):
        if one.state != OrderState.LEASED:
            cancelled(act, one, ground=ground)


def end_cards(act: Act, policy: Policy, *, reason: str) -> None:
    """Terminate all cards of a closed policy; ``reason`` is a code."""
    for one in act.work.cards.of_policy(policy.region, policy.id):
        if one.state != CardState.TERMINATED:
            end_card(act, one, CardEvent.WITHDRAW, reason=reason)


def block_cards(act: Act, policy: Policy) -> None:
    """Block the active cards of a suspended policy: desks judge by the status list alone."""
    for one in act.work.cards.of_policy(policy.region, policy.id):
        if one.state == CardState.ACTIVE:
            moved_card(act, one, CardEvent.BLOCK, reason=BlockReason.POLICY_SUSPENDED.value)


def unblock_cards(act: Act, policy: Policy) -> None:
    """Unblock the cards that ``block_cards`` blocked; one blocked for another reason stays so."""
    by_itself = replace(act, actor=SERVICE)
    for one in act.work.cards.of_policy(policy.region, policy.id):
        if (one.state, one.reason) == (CardState.BLOCKED, BlockReason.POLICY_SUSPENDED):
            moved_card(by_itself, one, CardEvent.UNBLOCK, reason=UnblockReason.POLICY_RESUMED.value)


def end_lost_cards(act: Act, policy: Policy, cause: DuplicateCause | None) -> None:
    """Terminate the policy's cards at once if they were lost or stolen; else do nothing.

    Source: domain.md, "Rules with teeth", 6.
    """
    event = _GONE.get(cause) if cause else None
    if event is None or cause is None:
        return
    for one in act.work.cards.of_policy(policy.region, policy.id):
        if one.state in _USABLE:
            end_card(act, one, event, reason=cause.value)
