"""The two moments at which a lane takes something in hand: an order, and the card it found for it.

Each is several questions to the journal and an entry. They are put here once, for a journal that
is here and answers them under its own lock, and for one that is far and is asked one by one.
"""

from collections.abc import Iterable
from typing import Protocol

from cardservice.personalization.blanks import foreign_blank
from cardservice.personalization.journal import CardSeen, Entry, Intent
from cardservice.personalization.recovery_lives import CardLife, Standing
from cardservice.personalization.recovery_rules import (
    Action,
    Found,
    action_for,
    number_used,
    order_elsewhere,
    order_made,
    twin,
)


class Asked(Protocol):
    """What is asked of a journal in these moments; see ``journal_calls.LaneJournal``."""

    def note(self, entry: Entry) -> None: ...

    def life_of(self, chip: bytes) -> CardLife | None: ...

    def holder_of(self, order: str) -> CardLife | None: ...

    def bearer_of(self, number: int) -> CardLife | None: ...

    def is_foreign(self, chip: bytes) -> bool: ...

    def take_in_hand(self, what: str | bytes) -> None: ...

    def let_go(self, what: Iterable[str | bytes]) -> None: ...


def begin_order(journal: Asked, intent: Intent, *, only_once: bool) -> None:
    """Take the order in hand and note what is to be made; after a refusal nothing is in hand.

    Args:
        journal: the station's.
        intent: on the disk when this returns.
        only_once: refuse a second card for the order. False is for orders without a name, which
            nobody takes in hand.

    Raises:
        Refusal: ``in-hand``, ``order-made``, ``card-number-used``, or not kept.
    """
    if not only_once:
        journal.note(intent)
        return
    journal.take_in_hand(intent.order)
    try:
        _expect_order(journal, intent)
        journal.note(intent)
    except BaseException:
        journal.let_go((intent.order,))
        raise


def meet_card(
    journal: Asked, chip: bytes, found: Found, intent: Intent, *, only_once: bool
) -> Action:
    """Return what to do with a card; it is in hand then, and one to be made is noted as seen.

    Raises:
        Refusal: ``chip-serial-twice``, ``order-on-another-card``, ``order-made``, ``in-hand``;
            ``blank-foreign``: nobody handed this blank to the station. Nothing is in hand then.
    """
    life = journal.life_of(chip)
    action = expected_action(chip, life, found)
    if life is None and action is Action.MAKE and journal.is_foreign(chip):
        raise foreign_blank(chip)
    journal.take_in_hand(chip)
    if action is not Action.MAKE:
        return action
    try:
        _expect_no_other(journal, chip, intent, only_once=only_once)
        journal.note(card_seen(chip, intent))
    except BaseException:
        journal.let_go((chip,))
        raise
    return action


def expected_action(chip: bytes, life: CardLife | None, found: Found) -> Action:
    """Return what to do with a card of that life; Raises: Refusal ``chip-serial-twice``."""
    action = action_for(life, found)
    if action is Action.REFUSE_TWIN:
        raise twin(chip)
    return action


def card_seen(chip: bytes, intent: Intent) -> CardSeen:
    """Return the entry for a card that is to be made by this intent."""
    return CardSeen(chip=chip, order=intent.order, lane=intent.lane)


def _expect_order(journal: Asked, intent: Intent) -> None:
    holder = journal.holder_of(intent.order)
    if holder is not None and holder.standing is Standing.MADE and holder.reported:
        raise order_made()
    bearer = journal.bearer_of(intent.number)
    if bearer is not None and bearer != holder:
        raise number_used()


def _expect_no_other(journal: Asked, chip: bytes, intent: Intent, *, only_once: bool) -> None:
    holder = journal.holder_of(intent.order)
    if not only_once or holder is None or holder.chip == chip:
        return
    raise order_made() if holder.standing is Standing.MADE else order_elsewhere(holder)
