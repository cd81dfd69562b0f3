"""One order in one lane: what the lane may do with the card it finds, and what it must note."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from cardservice.errors import Refusal
from cardservice.personalization.blanks import foreign_blank
from cardservice.personalization.journal import (
    CardEnded,
    CardMade,
    CardSeen,
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


class Turn:
    """One order in one lane, from its intent to its card's outcome; what the lane may note."""

    def __init__(self, journal: LaneJournal, intent: Intent, *, only_once: bool) -> None:
        """Made by ``take_turn``."""
        self._journal = journal
        self._only_once = only_once
        self.intent = intent
        self.in_hand: set[str | bytes] = set()

    @property
    def knows_used_cards(self) -> bool:
        """Say whether a personalized card may be one that is waited for."""
        return self._journal.knows_used_cards

    def expect_order(self) -> None:
        """Do nothing if the order may be made; Raises: Refusal."""
        if not self._only_once:
            return
        holder = self._journal.holder_of(self.intent.order)
        if holder is not None and holder.standing is Standing.MADE and holder.reported:
            raise order_made()
        bearer = self._journal.bearer_of(self.intent.number)
        if bearer is not None and bearer != holder:
            raise number_used()

    def life_of(self, chip: bytes) -> CardLife | None:
        """Return what is known of the chip."""
        return self._journal.life_of(chip)

    def meet(self, chip: bytes, found: Found) -> Action:
        """Return what to do with the card: MAKE, FINISH, END or REFUSE_USED.

        Raises:
            Refusal: ``chip-serial-twice``, ``order-on-another-card``, ``in-hand``;
                ``blank-foreign``: nobody handed this blank to the station.
        """
        life = self._journal.life_of(chip)
        action = action_for(life, found)
        if action is Action.REFUSE_TWIN:
            raise twin(chip)
        if chip in self.in_hand:
            return action
        if life is None and action is Action.MAKE and self._journal.is_foreign(chip):
            raise foreign_blank(chip)
        self._journal.take_in_hand(chip)
        self.in_hand.add(chip)
        if action is Action.MAKE:
            self._expect_no_other(chip)
            self._journal.note(CardSeen(chip=chip, order=self.intent.order, lane=self.intent.lane))
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

    def _expect_no_other(self, chip: bytes) -> None:
        holder = self._journal.holder_of(self.intent.order)
        if not self._only_once or holder is None or holder.chip == chip:
            return
        raise order_made() if holder.standing is Standing.MADE else order_elsewhere(holder)

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
    turn = Turn(journal, intent, only_once=only_once)
    if only_once:
        journal.take_in_hand(intent.order)
        turn.in_hand.add(intent.order)
    try:
        turn.expect_order()
        journal.note(intent)
        yield turn
    finally:
        journal.let_go(turn.in_hand)
