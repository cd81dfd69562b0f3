"""What can be done to a card, and for which reasons."""

from enum import StrEnum, unique
from typing import Final

from cardservice.accounts.rights import Right
from cardservice.domain.lives import CARD, CardEvent, CardState
from cardservice.registry.actor import Actor
from cardservice.registry.cards import BlockReason, Loss, TerminationReason, UnblockReason
from cardservice.registry.ports_making import Card
from cardservice.web.office.asking import Asking

UNBLOCK: Final = "unblock"
"""What only whoever may unblock does."""


@unique
class CardChange(StrEnum):
    """What whoever may block a card may do to it."""

    BLOCK = "block"
    REPORT = "report"
    TERMINATE = "terminate"


_EVENTS: Final = {
    CardChange.BLOCK: {CardEvent.BLOCK},
    CardChange.REPORT: {CardEvent.REPORT_LOST, CardEvent.REPORT_STOLEN},
    CardChange.TERMINATE: {CardEvent.FIND_DAMAGED, CardEvent.FIND_FAULTY, CardEvent.REPLACE},
}
# Lost and stolen have a report of their own; only time expires a card.
REASONS: Final[dict[str, tuple[StrEnum, ...]]] = {
    CardChange.BLOCK: tuple(BlockReason),
    CardChange.REPORT: tuple(Loss),
    CardChange.TERMINATE: (
        TerminationReason.DAMAGED,
        TerminationReason.FAULTY,
        TerminationReason.REPLACED,
    ),
    UNBLOCK: tuple(UnblockReason),
}


def changes_of(card: Card, asking: Asking) -> tuple[str, ...]:
    """Return what whoever asks may do to a card as it is now."""
    state = CardState(card.state)
    found: list[str] = []
    if asking.may(Right.CARD_BLOCK):
        events = _possible(state, asking.acting(Right.CARD_BLOCK))
        found += [one.value for one in CardChange if _EVENTS[one] & events]
    if asking.may(Right.CARD_UNBLOCK):
        events = _possible(state, asking.acting(Right.CARD_UNBLOCK))
        found += [UNBLOCK] if CardEvent.UNBLOCK in events else []
    return tuple(found)


def _possible(state: CardState, actor: Actor) -> set[CardEvent]:
    return {row.event for row in CARD.possible(state, actor.role)}
