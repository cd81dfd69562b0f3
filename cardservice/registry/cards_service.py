"""Work on a card that its holder has, ordered by a clerk: new PIN or CAN, unblocked, terminated."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.due_dates import policy_due
from cardservice.domain.lives import CardState
from cardservice.errors import Refusal
from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.policies_orders import CardWish, open_orders, order_card
from cardservice.registry.ports_making import Card
from cardservice.registry.ports_policies import Policy
from cardservice.registry.stations import order_answer


@unique
class ServiceGround(StrEnum):
    """Why something is done to a card that its holder has."""

    HOLDER_ASKED = "holder-asked"
    PIN_FORGOTTEN = "pin-forgotten"
    PIN_BLOCKED = "pin-blocked"
    LETTER_LOST = "letter-lost"
    KNOWN_TO_OTHERS = "known-to-others"
    CAN_UNREADABLE = "can-unreadable"
    DAMAGED = "damaged"
    FAULTY = "faulty"


_G: Final = ServiceGround
GROUNDS: Final[Mapping[CardWork, tuple[ServiceGround, ...]]] = {
    CardWork.NEW_PIN: (_G.PIN_FORGOTTEN, _G.LETTER_LOST, _G.KNOWN_TO_OTHERS, _G.HOLDER_ASKED),
    CardWork.NEW_CAN: (_G.CAN_UNREADABLE, _G.KNOWN_TO_OTHERS, _G.HOLDER_ASKED),
    CardWork.UNBLOCK_PIN: (_G.PIN_BLOCKED,),
    CardWork.TERMINATE: (_G.HOLDER_ASKED, _G.DAMAGED, _G.FAULTY),
}
"""What can be ordered so, and why; the other works follow from a change of the policy."""
SERVICES: Final = frozenset(one.value for one in GROUNDS)
HELD: Final = frozenset({CardState.ACTIVE.value, CardState.BLOCKED.value})
"""States of a card that its holder has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCardService(OfficeCommand):
    """Something is to be done to a card that its holder has and brings.

    Attributes:
        version: of the card.
        work: one of ``GROUNDS``.
        ground: one of that work's.
    """

    card_id: UUID
    version: int
    work: CardWork
    ground: ServiceGround


def order_card_service(office: Office, actor: Actor, command: OrderCardService) -> Answer:
    """Return the order, in the queue.

    Raises:
        Refusal: ``work-wrong``, ``ground-unfit``; ``card-not-held``: it was not handed over, or
            ended; ``order-open-already``; ``stale``, ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _order)


def _order(act: Act, command: OrderCardService) -> Answer:
    act.actor.require(Right.CARD_SERVE)
    _expect_ground(command)
    card = act.work.cards.get(act.region, command.card_id)
    expect_version(card, command.version)
    policy = _policy(act, card)
    _expect_none_open(act, policy, command)
    wish = CardWish(
        card_id=card.id,
        due_on=policy_due(act.today, act.settings.rules, act.settings.calendar),
        work=command.work,
        ground=command.ground.value,
    )
    order = act.work.orders.get(act.region, order_card(act, policy, wish))
    work, ground = command.work.value, command.ground.value
    act.record("card.order-work", "card", card.id, ground=ground, order=str(order.id), work=work)
    return order_answer(order)


def _expect_ground(command: OrderCardService) -> None:
    if command.work not in GROUNDS:
        sentence = "This is not ordered for a card; it follows from a change of the policy."
        raise Refusal("work-wrong", sentence, field="work")
    if command.ground not in GROUNDS[command.work]:
        raise Refusal("ground-unfit", "This is no ground for that work.", field="ground")


def _policy(act: Act, card: Card) -> Policy:
    if card.state not in HELD or card.policy_id is None:
        sentence = "This card was not handed over yet, or has ended: its holder has none to bring."
        raise Refusal("card-not-held", sentence)
    return act.work.policies.get(act.region, card.policy_id)


def _expect_none_open(act: Act, policy: Policy, command: OrderCardService) -> None:
    for one in open_orders(act, policy):
        if one.card_id == command.card_id and one.work == command.work:
            sentence = "This work on the card is ordered already and not done yet."
            raise Refusal("order-open-already", sentence, field="work")
