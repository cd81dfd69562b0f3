"""Orders that come to nothing: the order ends, and so does the card that was made for it."""

from cardservice.domain.lives import CardEvent, CardState, OrderEvent
from cardservice.registry.cards import end_card
from cardservice.registry.frame import Act
from cardservice.registry.ports_making import Card, Order
from cardservice.registry.stations import moved_order


def cancelled(act: Act, order: Order, *, ground: str) -> Order:
    """Return the order as kept after it was cancelled; a card made for it is terminated.

    Raises:
        Refusal: ``state-order-…``: leased, handed over or cancelled; ``role-not-allowed``.
    """
    kept = moved_order(act, order, OrderEvent.CANCEL, ground=ground)
    end_made_card(act, order, CardEvent.WITHDRAW, reason=ground)
    return kept


def end_made_card(act: Act, order: Order, event: CardEvent, *, reason: str) -> None:
    """Terminate the card that was made for an order; do nothing if there is none, or it ended."""
    card = made_card(act, order)
    if card is not None and card.state != CardState.TERMINATED:
        end_card(act, card, event, reason=reason)


def made_card(act: Act, order: Order) -> Card | None:
    """Return the card that was made for an order, None if none was.

    An order for a record names the card that its holder has, which was made for another order
    and outlives this one.
    """
    card = None if order.card_id is None else act.work.cards.find(order.region, order.card_id)
    return card if card is not None and card.order_id == order.id else None
