"""Updates: the insurer record is written to the card that its holder has; no new card is made.

Source: domain.md, "Rules with teeth", 4.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.lives import OrderEvent
from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.actor import Actor
from cardservice.registry.certificates import use_up_certificates
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.stations import expect_lease, moved_order, order_answer
from cardservice.registry.stations_works import card_of_work, other_work, was_done


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

    The same report again is answered as done.

    Raises:
        Refusal: ``lease-not-yours``; ``order-is-new-card``: a card is to be made for it;
            ``order-is-other-work``; ``other-card``: the record went to another card than the
            order's; ``card-ended``: the card is good no more; ``record-not-newer``: what is on
            the card now is not newer than what was; ``stale``, ``not-found`` or
            ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _updated)


def _updated(act: Act, command: ReportUpdated) -> Answer:
    act.actor.require(Right.ORDER_MAKE)
    order = act.work.orders.get(act.region, command.order_id)
    is_update = order.work == CardWork.CHANGE_INSURER
    if is_update and was_done(act, order, number=command.number, signed_at=command.signed_at):
        return order_answer(order, card=str(order.card_id))
    expect_lease(act, order)
    expect_version(order, command.version)
    if not is_update:
        raise other_work(order)
    card = card_of_work(act, order, number=command.number, signed_at=command.signed_at)
    # Desks take a card for superseded that is older than its newest record: so the time is kept.
    changed = replace(card, signed_at=command.signed_at, updated_at=act.now)
    act.work.cards.change(changed)
    act.record("card.update", "card", card.id, order=str(order.id))
    if order.application_id is not None:
        use_up_certificates(act, order.application_id)
    done = moved_order(
        act, order, OrderEvent.UPDATE, leased_until=None, signed_at=command.signed_at
    )
    return order_answer(done, card=str(card.id))
