"""Work on a card that its holder has, done by a station: new PIN or CAN, unblocked, terminated."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.lives import CardEvent, CardState, OrderEvent
from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.actor import SERVICE, Actor
from cardservice.registry.cards import end_card
from cardservice.registry.cards_service import SERVICES, ServiceGround
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.ports_making import Card, Order
from cardservice.registry.stations import expect_lease, moved_order, order_answer
from cardservice.registry.stations_works import card_of_work, other_work, was_done

_ENDS: Final[Mapping[str, CardEvent]] = {
    ServiceGround.DAMAGED: CardEvent.FIND_DAMAGED,
    ServiceGround.FAULTY: CardEvent.FIND_FAULTY,
    ServiceGround.HOLDER_ASKED: CardEvent.WITHDRAW,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportServed(OfficeCommand):
    """A station did what an order asks for to the card that its holder has.

    Attributes:
        number: list number and index of EF.CardID of the card it was done to, 48 bits.
        signed_at: ``signingTime`` of the security object that the work left; None: it left none.
    """

    order_id: UUID
    version: int
    number: int
    signed_at: datetime | None = None


def report_served(office: Office, actor: Actor, command: ReportServed) -> Answer:
    """Return the order, handed over; ``made["card"]`` is the card, ended if that was the work.

    The same report again is answered as done. A card that ended meanwhile may be terminated still.

    Raises:
        Refusal: ``lease-not-yours``; ``order-is-new-card``, ``order-is-other-work``: it asks for a
            card or a change of insurer, which have reports of their own; ``other-card``;
            ``card-ended``; ``record-not-newer``; ``stale``, ``not-found`` or
            ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _served)


def _served(act: Act, command: ReportServed) -> Answer:
    act.actor.require(Right.ORDER_MAKE)
    order = act.work.orders.get(act.region, command.order_id)
    is_service = order.work in SERVICES
    if is_service and was_done(act, order, number=command.number, signed_at=command.signed_at):
        return order_answer(order, card=str(order.card_id))
    expect_lease(act, order)
    expect_version(order, command.version)
    if not is_service:
        raise other_work(order)
    ends = order.work == CardWork.TERMINATE
    card = card_of_work(
        act, order, number=command.number, signed_at=command.signed_at, may_be_ended=ends
    )
    done = moved_order(act, order, OrderEvent.SERVE, leased_until=None, signed_at=command.signed_at)
    kept = _signed(act, card, command.signed_at)
    if ends:
        _end(act, kept, order)
    return order_answer(done, card=str(card.id))


def _signed(act: Act, card: Card, signed_at: datetime | None) -> Card:
    # Desks take a card for superseded that is older than its newest record: so the time is kept.
    if signed_at is None:
        return card
    return act.work.cards.change(replace(card, signed_at=signed_at, updated_at=act.now))


def _end(act: Act, card: Card, order: Order) -> None:
    if card.state == CardState.TERMINATED:
        return
    reason = order.ground or ServiceGround.HOLDER_ASKED.value
    event = _ENDS.get(reason, CardEvent.WITHDRAW)
    # That it is to end the clerk has decided; the station only did it.
    end_card(replace(act, actor=SERVICE), card, event, reason=reason)
