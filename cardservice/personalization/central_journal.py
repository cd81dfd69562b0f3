"""A station's journal as the central service takes it: asked, and not believed where it matters."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from typing_extensions import override

from cardservice.errors import UsageError
from cardservice.personalization.central_book import CentralBook
from cardservice.personalization.journal import (
    CardSeen,
    CardSpoiled,
    ChipKeyMade,
    DataStored,
    Entry,
    Intent,
)
from cardservice.personalization.journal_calls import Call, RemoteJournal
from cardservice.personalization.recovery_lives import CardLife, Standing
from cardservice.personalization.recovery_rules import number_used, order_made

FINISH_WITHIN: Final = timedelta(days=30)
"""So long after it was signed a card gets new secrets from here. A card in a holder's hands must
not get a new PIN because somebody has a station's token and says that it was never finished."""

_GIVEN_UP: Final = frozenset({Standing.SPOILED, Standing.ENDED})


class CentralJournal(RemoteJournal):
    """The journal of one making at a station, with the central's own book beside it.

    Args:
        call: asks the station.
        book: of all makings of this central.
        clock: aware times.
    """

    def __init__(self, call: Call, *, book: CentralBook, clock: Callable[[], datetime]) -> None:
        super().__init__(call)
        self._book = book
        self._clock = clock
        self._intent: Intent | None = None

    @override
    def note(self, entry: Entry) -> None:
        """Have ``entry`` written at the station, and here if the central must know it for itself.

        Raises:
            Refusal: ``order-made``, ``card-number-used``: by this central's own book; as the
                station's journal, which has the last word before each step.
        """
        match entry:
            case Intent():
                self._intent = entry
                self._expect_order(entry)
            case CardSeen(chip=chip) | DataStored(chip=chip):
                self._expect_chip(chip)
            case ChipKeyMade():
                self._book.keep(entry)
        super().note(entry)
        # Kept here after it is kept there: what a station never noted binds no order.
        if isinstance(entry, DataStored | CardSpoiled):
            self._book.keep(entry)

    @override
    def life_of(self, chip: bytes) -> CardLife | None:
        """Return where the station says a chip stands; what it holds is what was signed here.

        A card's refusal bears no proof. So a relay could say that the chip refuses to make a key,
        and name one of its own as the key made before: only the book's own word is taken for it.
        """
        life = super().life_of(chip)
        if life is None:
            return None
        signed = self._book.signed(chip)
        if signed is None or self._clock() - signed.signed_at > FINISH_WITHIN:
            order, number, signed_at = None, None, None
        else:
            order, number, signed_at = signed.order, signed.number, signed.signed_at
        point = self._book.point_of(chip)
        return replace(life, point=point, order=order, number=number, signed_at=signed_at)

    def _expect_order(self, intent: Intent) -> None:
        """Refuse an order that was made here and of whose card the station knows nothing."""
        holder = self._book.holder_of(intent.order)
        if holder is not None and super().life_of(holder.chip) is None:
            raise order_made()
        bearer = self._book.bearer_of(intent.number)
        if bearer is not None and (holder is None or holder.chip != bearer):
            raise number_used()

    def _expect_chip(self, chip: bytes) -> None:
        """Refuse a second chip for an order or a number, unless the first was given up."""
        if self._intent is None:
            raise UsageError("a making begins with its intent")
        holder = self._book.holder_of(self._intent.order)
        if holder is not None and holder.chip != chip:
            life = super().life_of(holder.chip)
            if life is None or life.standing not in _GIVEN_UP:
                raise order_made()
        if self._book.bearer_of(self._intent.number) not in {None, chip}:
            raise number_used()
