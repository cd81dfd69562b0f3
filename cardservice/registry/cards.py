"""The life of a card in people's hands: blocked, lost, stolen, terminated.

A card becomes active at its hand-over, see ``delivery_hand_over``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum, unique
from typing import Any, Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.lives import (
    CARD,
    ApplicationState,
    CardEvent,
    CardState,
    OrderEvent,
    OrderState,
    PolicyState,
)
from cardservice.domain.roles import Role
from cardservice.errors import Refusal
from cardservice.registry.actor import SERVICE, Actor
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.ports_making import Card
from cardservice.registry.stations import moved_order


@unique
class BlockReason(StrEnum):
    """Why a card is blocked, for a while."""

    MISLAID = "mislaid"
    HOLDER_ASKED = "holder-asked"
    MISUSE_SUSPECTED = "misuse-suspected"
    POLICY_SUSPENDED = "policy-suspended"


@unique
class UnblockReason(StrEnum):
    """Why a blocked card is good again."""

    FOUND = "found"
    HOLDER_ASKED = "holder-asked"
    SUSPICION_CLEARED = "suspicion-cleared"
    POLICY_RESUMED = "policy-resumed"
    BLOCKED_BY_MISTAKE = "blocked-by-mistake"


@unique
class Loss(StrEnum):
    """What a holder reports."""

    LOST = "lost"
    STOLEN = "stolen"


@unique
class TerminationReason(StrEnum):
    """Why a card is never good again (domain.md, "States": card)."""

    LOST = "lost"
    STOLEN = "stolen"
    DAMAGED = "damaged"
    REPLACED = "replaced"
    FAULTY = "faulty"
    EXPIRED = "expired"


_CARD_ENDED: Final = "card-ended"
# An order in one of these that names a card is an update of it.
_WAITING: Final = frozenset({OrderState.QUEUED.value, OrderState.SPOILED.value})
_GOOD: Final = frozenset(CardState) - CARD.final - {CARD.initial}
_EVENTS: Final[Mapping[TerminationReason, CardEvent]] = {
    TerminationReason.LOST: CardEvent.REPORT_LOST,
    TerminationReason.STOLEN: CardEvent.REPORT_STOLEN,
    TerminationReason.DAMAGED: CardEvent.FIND_DAMAGED,
    TerminationReason.REPLACED: CardEvent.REPLACE,
    TerminationReason.FAULTY: CardEvent.FIND_FAULTY,
    TerminationReason.EXPIRED: CardEvent.EXPIRE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockCard(OfficeCommand):
    """A card is not to be good for a while."""

    card_id: UUID
    version: int
    reason: BlockReason


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockCard(OfficeCommand):
    """A blocked card is to be good again."""

    card_id: UUID
    version: int
    reason: UnblockReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCard(OfficeCommand):
    """A card is lost or stolen. It names no version: whatever it is now, it ends at once."""

    card_id: UUID
    loss: Loss


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminateCard(OfficeCommand):
    """A card is never to be good again."""

    card_id: UUID
    version: int
    reason: TerminationReason


def block_card(office: Office, actor: Actor, command: BlockCard) -> Answer:
    """Return the card, blocked.

    Raises:
        Refusal: ``state-card-…``, ``stale``, ``not-found`` (for an applicant: or not theirs) or
            ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _block)


def unblock_card(office: Office, actor: Actor, command: UnblockCard) -> Answer:
    """Return the card, active again.

    Raises:
        Refusal: ``policy-suspended``: the card is good again when its policy goes on;
            ``state-card-…``, ``stale``, ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _unblock)


def report_card(office: Office, actor: Actor, command: ReportCard) -> Answer:
    """Return the card, terminated at once; its holder may do that too.

    A card on its way to its holder ends too; its order is for the office to spoil.

    Raises:
        Refusal: ``state-card-…``, ``not-found`` (for an applicant: or not theirs) or
            ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _report)


def terminate_card(office: Office, actor: Actor, command: TerminateCard) -> Answer:
    """Return the card, terminated.

    Raises:
        Refusal: ``state-card-…``, ``stale``, ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _terminate)


def expire_cards(office: Office, region: str) -> int:
    """Expire the cards of a region whose last day is past; return how many (200 at most)."""

    def do(act: Act) -> int:
        due = act.work.cards.run_out(region, _GOOD, act.today)
        for one in due:
            end_card(act, one, CardEvent.EXPIRE, reason=TerminationReason.EXPIRED.value)
        return len(due)

    return office.run(SERVICE, region, do)


def moved_card(
    act: Act, card: Card, event: CardEvent, *, reason: str | None, **changes: Any
) -> Card:
    """Return the card as kept after ``event``, recorded; ``reason`` is a code.

    Raises:
        Refusal: ``state-card-…``, ``role-not-allowed`` or ``ground-missing``.
    """
    state = CARD.after(CardState(card.state), event, role=act.actor.role, ground=reason or "")
    kept = replace(card, state=state.value, reason=reason, updated_at=act.now, **changes)
    changed = act.work.cards.change(kept)
    act.record(f"card.{event.value}", "card", card.id, ground=reason, state=state.value)
    return changed


def end_card(act: Act, card: Card, event: CardEvent, *, reason: str) -> Card:
    """Return the card as kept after ``event`` terminated it; raises as ``moved_card``.

    An update that waits for it is cancelled by this service, for there is nothing to write to.
    """
    ended = moved_card(act, card, event, reason=reason, terminated_at=act.now)
    if card.policy_id is not None:
        for order in act.work.orders.of_policy(card.region, card.policy_id):
            if order.card_id == card.id and order.state in _WAITING:
                by_itself = replace(act, actor=SERVICE)
                moved_order(by_itself, order, OrderEvent.CANCEL, ground=_CARD_ENDED)
    return ended


def _block(act: Act, command: BlockCard) -> Answer:
    act.actor.require(Right.CARD_BLOCK)
    card = _found(act, command.card_id)
    expect_version(card, command.version)
    return _answer(moved_card(act, card, CardEvent.BLOCK, reason=command.reason.value))


def _unblock(act: Act, command: UnblockCard) -> Answer:
    act.actor.require(Right.CARD_UNBLOCK)
    card = _found(act, command.card_id)
    expect_version(card, command.version)
    _expect_policy_goes_on(act, card)
    return _answer(moved_card(act, card, CardEvent.UNBLOCK, reason=command.reason.value))


def _expect_policy_goes_on(act: Act, card: Card) -> None:
    policy = None if card.policy_id is None else act.work.policies.get(card.region, card.policy_id)
    if policy is not None and policy.state == PolicyState.SUSPENDED:
        sentence = "The policy of this card is suspended; the card is good again when it goes on."
        raise Refusal("policy-suspended", sentence)


def _report(act: Act, command: ReportCard) -> Answer:
    act.actor.require(Right.CARD_BLOCK)
    reason = TerminationReason(command.loss.value)
    card = _found(act, command.card_id)
    return _answer(end_card(act, card, _EVENTS[reason], reason=reason.value))


def _terminate(act: Act, command: TerminateCard) -> Answer:
    if act.actor.role is not Role.SERVICE:
        act.actor.require(Right.CARD_BLOCK)
    card = _found(act, command.card_id)
    expect_version(card, command.version)
    event = _EVENTS[command.reason]
    return _answer(end_card(act, card, event, reason=command.reason.value))


def _found(act: Act, card_id: UUID) -> Card:
    card = act.work.cards.get(act.region, card_id)
    if act.actor.role is Role.APPLICANT and card.policy_id not in _own_policies(act):
        # As for a card that is not there: nobody learns which ids there are.
        raise not_found("card")
    return card


def _own_policies(act: Act) -> frozenset[UUID]:
    own = act.actor.account
    application = None if own is None else act.work.applications.find(act.region, own)
    # Until it is approved nobody has seen whose application it is: anybody may type a name.
    if application is None or application.state != ApplicationState.APPROVED:
        return frozenset()
    if application.person_id is None:
        return frozenset()
    policies = act.work.policies.of_person(act.region, application.person_id)
    return frozenset(one.id for one in policies)


def _answer(card: Card) -> Answer:
    return Answer(id=card.id, version=card.version, state=card.state)
