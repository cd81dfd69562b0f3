"""Updates: the insurer record is written to the card that its holder has; no new card is made.

Source: domain.md, "Rules with teeth", 4.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.lives import CardState, OrderEvent
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.certificates import use_up_certificates
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.ports_making import Card, Order
from cardservice.registry.stations import expect_lease, moved_order, order_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportUpdated(OfficeCommand):
    """A station wrote the insurer record of an order to the card that its holder has.

    Attributes:
        number: list number and index of EF.CardID of the card it was written to, 48 bits.
        signed_at: ``signingTime`` of the security object that is on the card now.
    """

    order_id: UUID
    version: int
    number: int
    signed_at: datetime


def report_updated(office: Office, actor: Actor, command: ReportUpdated) -> Answer:
    """Return the order, handed over; ``made["card"]`` is the card, which stays as good as it was.

    Raises:
        Refusal: ``lease-not-yours``; ``order-is-new-card``: a card is to be made for it;
            ``other-card``: the record went to another card than the order's; ``card-ended``: the
            card is good no more; ``record-not-newer``: what is on the card now is not newer than
            what was; ``stale``, ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _updated)


def _updated(act: Act, command: ReportUpdated) -> Answer:
    act.actor.require(Right.ORDER_MAKE)
    order = act.work.orders.get(act.region, command.order_id)
    expect_lease(act, order)
    expect_version(order, command.version)
    card = _card(act, order, command)
    # Desks take a card for superseded that is older than its newest record: so the time is kept.
    changed = replace(card, signed_at=command.signed_at, updated_at=act.now)
    act.work.cards.change(changed)
    act.record("card.update", "card", card.id, order=str(order.id))
    if order.application_id is not None:
        use_up_certificates(act, order.application_id)
    done = moved_order(act, order, OrderEvent.UPDATE, leased_until=None)
    return order_answer(done, card=str(card.id))


def _card(act: Act, order: Order, command: ReportUpdated) -> Card:
    if order.card_id is None:
        sentence = "This order is for a new card; report the card that was made."
        raise Refusal("order-is-new-card", sentence)
    card = act.work.cards.get(act.region, order.card_id)
    if card.number != command.number:
        sentence = "This is not the card that the record is for."
        raise Refusal("other-card", sentence, field="number")
    if card.state == CardState.TERMINATED:
        raise Refusal("card-ended", "This card is good no more; give the order back.")
    if card.signed_at is not None and command.signed_at <= card.signed_at:
        sentence = "What is on the card must have been signed after what was on it before."
        raise Refusal("record-not-newer", sentence, field="signed_at")
    return card
