"""What all work on a card that its holder has needs: the right card, and whether it was told of."""

from datetime import datetime

from cardservice.domain.lives import CardState, OrderState
from cardservice.errors import Refusal
from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.frame import Act
from cardservice.registry.ports_making import Card, Order


def was_done(act: Act, order: Order, *, number: int, signed_at: datetime | None) -> bool:
    """Return whether the actor has reported this very work on this very card already."""
    if order.state != OrderState.HANDED_OVER or order.station != act.actor.name:
        return False
    card = None if order.card_id is None else act.work.cards.find(act.region, order.card_id)
    return card is not None and (card.number, order.signed_at) == (number, signed_at)


def card_of_work(
    act: Act, order: Order, *, number: int, signed_at: datetime | None, may_be_ended: bool = False
) -> Card:
    """Return the card that an order is to be done to.

    Args:
        act: of the report.
        order: with a card.
        number: list number and index of the card that the work was done to.
        signed_at: of the security object that is on it now; None: no other than before.
        may_be_ended: the work does not need a card that is good.

    Raises:
        Refusal: ``other-card``, ``card-ended``, ``record-not-newer``; ``order-is-new-card``: the
            order names no card.
    """
    if order.card_id is None:
        raise other_work(order)
    card = act.work.cards.get(act.region, order.card_id)
    if card.number != number:
        raise Refusal("other-card", "This is not the card that the order is for.", field="number")
    if card.state == CardState.TERMINATED and not may_be_ended:
        raise Refusal("card-ended", "This card is good no more; give the order back.")
    if signed_at is not None and card.signed_at is not None and signed_at <= card.signed_at:
        sentence = "What is on the card must have been signed after what was on it before."
        raise Refusal("record-not-newer", sentence, field="signed_at")
    return card


def other_work(order: Order) -> Refusal:
    """Return the refusal of a report that is not of what the order asks for."""
    if order.work == CardWork.NEW_CARD:
        sentence = "This order is for a new card; report the card that was made."
        return Refusal("order-is-new-card", sentence)
    sentence = "This order is for other work; report what it asks for."
    return Refusal("order-is-other-work", sentence)
