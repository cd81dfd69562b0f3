"""What a central service may do at a station: make the one card it was asked to make."""

from typing import Any, Final

from cardservice.errors import Refusal, UsageError
from cardservice.personalization.central_errors import wrong
from cardservice.personalization.journal import (
    CardEnded,
    CardEntry,
    CardMade,
    CardSeen,
    CardSpoiled,
    ChipKeyMade,
    Entry,
    Finalized,
    Intent,
    KeysReplaced,
    OrderOnCard,
    Verified,
)
from cardservice.personalization.journal_calls import BRIEF_CALLS, LaneJournal, LaneShare
from cardservice.personalization.recovery_lives import Standing
from cardservice.personalization.station import MadeCard

_OF_A_MAKING: Final = (
    *(CardSeen, KeysReplaced, ChipKeyMade, OrderOnCard, Finalized, Verified),
    *(CardSpoiled, CardEnded),
)
_MOST_CHIPS: Final = 2  # one, and one that was laid in its place between two resets


class MakingShare:
    """One making's share of a station's journal.

    Args:
        journal: the station's.
        intent: what is to be made; the central may note this one and no other.
    """

    def __init__(self, journal: LaneJournal, intent: Intent) -> None:
        self._share = LaneShare(journal)
        self._intent = intent
        self._begun = False
        self._chips: set[bytes] = set()
        self._made: CardMade | None = None
        self.refusal: Refusal | None = None

    def answer(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Return what the journal says.

        Raises:
            Refusal: the journal's own; nothing may be done with the card any more.
            SourceUnavailableError: ``central-wrong``: it asks for what is not this making's.
        """
        if name in BRIEF_CALLS:  # they write too, and are for a lane, which the station trusts
            raise wrong("asks the journal for what is not a maker's")
        if name == "note":
            self._expect_entry(arguments[0])
        elif name == "take_in_hand":
            self._expect_held(arguments[0])
        try:
            return self._share.answer(name, arguments)
        except Refusal as refusal:
            self.refusal = refusal
            raise
        except UsageError:
            raise wrong("asks the journal for what is not a maker's") from None

    def require_made(self, made: MadeCard) -> MadeCard:
        """Return ``made`` if the journal has it so.

        Raises:
            SourceUnavailableError: ``central-wrong``: the journal does not.
        """
        noted = self._made
        if noted is not None:
            is_so = (noted.chip, noted.signed_at) == (made.chip_serial, made.signed_at)
        else:
            is_so = made.chip_serial in self._chips and self._was_made_before(made)
        if not is_so:
            raise wrong("says of a card that it is made which the journal does not know")
        return made

    def close(self) -> None:
        """Let go of what the making still held."""
        self._share.close()

    def _was_made_before(self, made: MadeCard) -> bool:
        """Say whether the card was noted as made in an earlier making, of which nobody was told."""
        life = self._share.answer("life_of", (made.chip_serial,))
        if life is None or life.standing is not Standing.MADE:
            return False
        holds = (life.order, life.number, life.signed_at)
        return bool(holds == (self._intent.order, self._intent.number, made.signed_at))

    def _expect_entry(self, entry: Entry) -> None:
        if isinstance(entry, Intent):
            if entry != self._intent or self._begun:
                raise wrong("begins another making than it was asked for")
            self._begun = True
            return
        if not self._begun or not isinstance(entry, _OF_A_MAKING) or not self._is_ours(entry):
            raise wrong("notes what is not of this making")
        if isinstance(entry, CardMade):
            self._made = entry

    def _is_ours(self, entry: CardEntry) -> bool:
        if entry.chip not in self._chips:
            return False
        if isinstance(entry, CardSeen):
            return (entry.order, entry.lane) == (self._intent.order, self._intent.lane)
        if isinstance(entry, OrderOnCard):
            return (entry.order, entry.number) == (self._intent.order, self._intent.number)
        return True

    def _expect_held(self, what: str | bytes) -> None:
        if isinstance(what, str):
            if what != self._intent.order:
                raise wrong("takes another order in hand than it was asked to make")
            return
        self._chips.add(what)
        if len(self._chips) > _MOST_CHIPS:
            raise wrong("takes more chips in hand than lie in a reader")
