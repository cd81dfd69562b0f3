"""One order in one lane: what the lane may do with the card it finds, and what it must note."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from cardservice.errors import Refusal
from cardservice.personalization.journal import (
    CardEnded,
    CardMade,
    CardSpoiled,
    ChipKeyMade,
    DataStored,
    Finalized,
    Intent,
    KeysReplaced,
    SpoiledReason,
    Verified,
)
from cardservice.personalization.journal_calls import LaneJournal
from cardservice.personalization.journal_opening import expected_action
from cardservice.personalization.recovery_lives import CardLife, Standing
from cardservice.personalization.recovery_rules import Action, Found


class Turn:
    """One order in one lane, from its intent to its card's outcome; what the lane may note."""

    def __init__(self, journal: LaneJournal, intent: Intent, *, only_once: bool) -> None:
        """Made by ``take_turn``."""
        self._journal = journal
        self._only_once = only_once
        self.intent = intent
        self.in_hand: set[str | bytes] = {intent.order} if only_once else set()

    @property
    def knows_used_cards(self) -> bool:
        """Say whether a personalized card may be one that is waited for."""
        return self._journal.knows_used_cards

    def life_of(self, chip: bytes) -> CardLife | None:
        """Return what is known of the chip."""
        return self._journal.life_of(chip)

    def meet(self, chip: bytes, found: Found) -> Action:
        """Return what to do with the card: MAKE, FINISH, END or REFUSE_USED.

        Raises:
            Refusal: ``chip-serial-twice``, ``order-on-another-card``, ``in-hand``;
                ``blank-foreign``: nobody handed this blank to the station; ``order-made``.
        """
        if chip in self.in_hand:
            return expected_action(chip, self._journal.life_of(chip), found)
        action = self._journal.meet(chip, found, self.intent, only_once=self._only_once)
        self.in_hand.add(chip)
        return action

    def keyed(self, chip: bytes) -> None:
        """Note that the chip answers to the issuer's keys, if that is news."""
        life = self._journal.life_of(chip)
        if life is not None and life.standing is Standing.SEEN:
            self._journal.note(KeysReplaced(chip=chip))

    def key_made(self, chip: bytes, point: bytes) -> None:
        """Note the chip's key."""
        self._journal.note(ChipKeyMade(chip=chip, point=point))

    def stored(self, chip: bytes, signed_at: datetime) -> None:
        """Note that the chip took the order's data."""
        self._journal.note(
            DataStored(
                chip=chip,
                order=self.intent.order,
                number=self.intent.number,
                signed_at=signed_at,
            )
        )

    def finalized(self, chip: bytes) -> None:
        """Note that the card is personalized, if that is news."""
        if self._known(chip).standing is Standing.STORED:
            self._journal.note(Finalized(chip=chip))

    def verified(self, chip: bytes) -> None:
        """Note that the card reads as ordered, if that is news."""
        if self._known(chip).standing is Standing.FINALIZED:
            self._journal.note(Verified(chip=chip))

    def made(self, chip: bytes, signed_at: datetime) -> None:
        """Note that the card counts as made, if that is news."""
        if self._known(chip).standing is not Standing.MADE:
            self._journal.note(
                CardMade(
                    chip=chip,
                    order=self.intent.order,
                    number=self.intent.number,
                    signed_at=signed_at,
                )
            )

    def reported(self, chip: bytes) -> None:
        """Note that the card was told of."""
        self._journal.reported(chip)

    def spoiled(self, chip: bytes, reason: SpoiledReason) -> None:
        """Note that the card counts as spoiled; it is ended next."""
        self._journal.note(CardSpoiled(chip=chip, reason=reason))

    def ended(self, chip: bytes) -> None:
        """Note that the spoiled card was terminated."""
        self._journal.note(CardEnded(chip=chip))

    def _known(self, chip: bytes) -> CardLife:
        life = self._journal.life_of(chip)
        if life is None:
            raise Refusal("journal-contradicts", "The journal does not know a card in the reader.")
        return life


@contextmanager
def take_turn(journal: LaneJournal, intent: Intent, *, only_once: bool) -> Iterator[Turn]:
    """Lend a lane the order, and then the card, until it is done with them.

    Args:
        journal: the station's.
        intent: what is to be made; on the disk before anything is sent to a card.
        only_once: refuse a second card for the order. False is for orders without a name.

    Raises:
        Refusal: ``in-hand``, ``order-made``, ``card-number-used``, or not kept.
    """
    journal.begin(intent, only_once=only_once)
    turn = Turn(journal, intent, only_once=only_once)
    try:
        yield turn
    finally:
        journal.let_go(turn.in_hand)
