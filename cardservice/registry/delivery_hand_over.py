"""The hand-over: who came is checked, the card becomes active, the old one ends.

Source: domain.md, "Rules with teeth", 6: the old card stops being valid when the new one is
handed over, not before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.applicants import Applicant
from cardservice.domain.documents import DocumentType
from cardservice.domain.lives import (
    CardEvent,
    CardState,
    OrderEvent,
    PolicyState,
)
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.cards import end_card, moved_card
from cardservice.registry.certificates import use_up_certificates
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.ports_making import Card, Order, Receipt
from cardservice.registry.ports_policies import Policy
from cardservice.registry.stations import moved_order

RECEIPT: Final = "hand-over-receipt"
"""What the numbers of receipts are counted under."""

# In the order of how often they are shown; the rest of the documents show a right or a number.
IDENTITY: Final = (
    DocumentType.PASSPORT_RF,
    DocumentType.BIRTH_CERTIFICATE,
    DocumentType.TEMPORARY_IDENTITY_CARD,
    DocumentType.FOREIGN_PASSPORT,
    DocumentType.RESIDENCE_PERMIT,
    DocumentType.REFUGEE_CERTIFICATE,
    DocumentType.TEMPORARY_ASYLUM_CERTIFICATE,
    DocumentType.STATELESS_ID,
)
"""What shows who somebody is."""
_LOOK_REASON: Final = "card.hand-over"


@unique
class OldCard(StrEnum):
    """What became of the card that the person had."""

    NONE = "none"
    TAKEN_BACK = "taken-back"
    LOST = "lost"
    STOLEN = "stolen"
    DESTROYED = "destroyed"


# Whatever became of it, it ends because the new one is handed over; the reason says the rest.
_OLD_REASONS: Final[Mapping[OldCard, str]] = {
    OldCard.TAKEN_BACK: "replaced",
    OldCard.LOST: "lost",
    OldCard.STOLEN: "stolen",
    OldCard.DESTROYED: "damaged",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(OfficeCommand):
    """A card is given to its holder, or to who came for it.

    Attributes:
        place_id: where the card arrived; a courier takes it on from there.
        came: who came.
        shown: the document they showed.
        matched: it was seen that the document is this person's and the card's data are right.
        old_card: what became of the one they had.
    """

    order_id: UUID
    version: int
    place_id: UUID
    came: Applicant
    shown: DocumentType
    matched: bool
    old_card: OldCard


def hand_over(office: Office, actor: Actor, command: HandOver) -> Answer:
    """Return the order with its receipt's ``number``; ``made`` has the card and the receipt.

    The card is active, every other good card of the policy is terminated, the temporary
    certificate is used up.

    Raises:
        Refusal: ``identity-not-confirmed``, ``identity-document``: what was shown is none;
            ``other-place``; ``old-card-missing``: there is one, and nothing was said of it;
            ``policy-closed``, ``policy-suspended``; ``state-order-…`` or ``state-card-…``: it was
            handed over, did not arrive, or was reported lost; ``stale``, ``not-found`` or
            ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _hand_over)


def _hand_over(act: Act, command: HandOver) -> Answer:
    act.actor.require(Right.CARD_HAND_OVER)
    order = act.work.orders.get(act.region, command.order_id)
    handed = moved_order(act, order, OrderEvent.HAND_OVER)
    expect_version(order, command.version)
    _expect_identity(command)
    if order.place_id != command.place_id:
        raise Refusal("other-place", "This card is at another place.", field="place_id")
    policy = _policy(act, order)
    card = _activate(act, order)
    _end_old_cards(act, policy, but=card.id, old=command.old_card)
    if order.application_id is not None:
        use_up_certificates(act, order.application_id)
    receipt = _receipt(act, command, order, policy)
    act.look(policy.person_id, _LOOK_REASON)
    checked = {"came": command.came.value, "shown": command.shown.value}
    old = command.old_card.value
    act.record("card.receipt", "card", card.id, receipt=str(receipt.id), old_card=old, **checked)
    made = {"card": str(card.id), "receipt": str(receipt.id)}
    return Answer(
        id=handed.id,
        version=handed.version,
        state=handed.state,
        number=receipt.number,
        made=made,
    )


def _expect_identity(command: HandOver) -> None:
    if command.shown not in IDENTITY:
        sentence = "This document does not show who somebody is."
        raise Refusal("identity-document", sentence, field="shown")
    if not command.matched:
        sentence = "Without a check of who came, no card is handed over."
        raise Refusal("identity-not-confirmed", sentence, field="matched")


def _policy(act: Act, order: Order) -> Policy:
    policy = act.work.policies.get(act.region, order.policy_id)
    if policy.state == PolicyState.CLOSED:
        raise Refusal("policy-closed", "The policy of this card is closed; cancel the order.")
    if policy.state == PolicyState.SUSPENDED:
        # It would be active, and valid at every desk.
        sentence = "The policy of this card is suspended; hand it over when the policy goes on."
        raise Refusal("policy-suspended", sentence)
    return policy


def _activate(act: Act, order: Order) -> Card:
    if order.card_id is None:
        raise _card_missing()
    card = act.work.cards.get(act.region, order.card_id)
    return moved_card(act, card, CardEvent.HAND_OVER, reason=None, activated_at=act.now)


def _card_missing() -> Refusal:
    return Refusal("card-missing", "No card was made for this order.")


def _end_old_cards(act: Act, policy: Policy, *, but: UUID, old: OldCard) -> None:
    cards = list(_good_cards(act, policy, but=but))
    if cards and old not in _OLD_REASONS:
        sentence = "The person has a card; say what became of it."
        raise Refusal("old-card-missing", sentence, field="old_card")
    for card in cards:
        end_card(act, card, CardEvent.REPLACE, reason=_OLD_REASONS[old])


def _good_cards(act: Act, policy: Policy, *, but: UUID) -> Iterator[Card]:
    for card in act.work.cards.of_policy(act.region, policy.id):
        if card.id != but and card.state in {CardState.ACTIVE, CardState.BLOCKED}:
            yield card


def _receipt(act: Act, command: HandOver, order: Order, policy: Policy) -> Receipt:
    if order.card_id is None:
        raise _card_missing()
    receipt = Receipt(
        region=act.region,
        id=act.new_id(),
        number=f"{act.work.counters.next(act.region, RECEIPT):06}",
        order_id=order.id,
        card_id=order.card_id,
        person_id=policy.person_id,
        application_id=order.application_id,
        place_id=command.place_id,
        came=command.came.value,
        shown=command.shown.value,
        old_card=command.old_card.value,
        handed_by=act.actor.name,
        handed_at=act.now,
    )
    act.work.receipts.add(receipt)
    return receipt
