"""A station's memory: the journal and what it comes to, shared by its lanes."""

import threading
from collections.abc import Callable, Iterable

from cardservice.personalization import blanks
from cardservice.personalization.blanks_tray import missing_blanks
from cardservice.personalization.journal import (
    CardSpoiled,
    Entry,
    Intent,
    Journal,
    Kept,
    OrderGivenBack,
    OutcomeReported,
    SpoiledReason,
    StationStarted,
)
from cardservice.personalization.journal_opening import begin_order, meet_card
from cardservice.personalization.recovery import recover
from cardservice.personalization.recovery_blanks import SerialRange
from cardservice.personalization.recovery_lives import CardLife
from cardservice.personalization.recovery_rules import Action, Found, in_hand, order_elsewhere
from cardservice.personalization.recovery_services import ServiceLife


class StationJournal:
    """The journal of one station; safe for its lanes, which are threads of one process."""

    def __init__(
        self,
        journal: Journal,
        *,
        starts: bool = True,
        each: Callable[[Kept], None] | None = None,
    ) -> None:
        """Read ``journal`` and write that the station started.

        Args:
            journal: what was kept of earlier lives.
            starts: False for a command that books something and makes no card.
            each: told of every entry that was kept, oldest first: the journal is read once.

        Raises:
            Refusal: ``journal-contradicts``; ``stock-differs``; ``journal-full``,
                ``journal-failed``.
        """
        self._journal = journal
        self._lock = threading.RLock()
        self._in_hand: set[str | bytes] = set()
        self._recovery = recover(journal.entries(), each=each)
        self._stock = blanks.stock_of(self._recovery).require_balance()
        if starts:
            self.note(StationStarted())

    def note(self, entry: Entry) -> None:
        """Write ``entry``; when this returns, the step it announces may be done.

        Raises:
            Refusal: it is not kept, and the step must not be done; of blanks ``serials-known``,
                ``serials-wrong``, ``stock-differs``.
        """
        with self._lock:
            self._recovery.expect(entry)
            stock = blanks.stock_after(self._stock, entry, self._recovery)
            self._recovery.apply(self._journal.append(entry))
            self._stock = stock

    def life_of(self, chip: bytes) -> CardLife | None:
        """Return what is known of a chip."""
        return self._recovery.cards.get(chip)

    def holder_of(self, order: str) -> CardLife | None:
        """Return the card that holds the order; None: it is free to be made."""
        return self._recovery.holder_of(order)

    def number_of(self, order: str) -> int | None:
        """Return the place in the status list that the order's card has, or was begun with last.

        A station that was killed makes the order with this number again.
        """
        holder, known = self.holder_of(order), self._recovery.orders.get(order)
        if holder is not None:
            return holder.number
        return None if known is None else known.number

    def open_cards(self) -> list[CardLife]:
        """Return the cards neither made nor spoiled, in the order in which they were touched."""
        with self._lock:
            return self._recovery.open_cards()

    def unreported(self) -> list[CardLife]:
        """Return the outcomes nobody was told of, in the order in which they came about."""
        with self._lock:
            return self._recovery.unreported()

    def reported(self, chip: bytes) -> None:
        """Note that the outcome of a chip was told of."""
        self.note(OutcomeReported(chip=chip))

    def give_up(self, chip: bytes, reason: SpoiledReason) -> None:
        """Count a card as spoiled; its order is free for another card, with a new number.

        If the card turns up in a reader after all, it is terminated.

        Raises:
            Refusal: ``in-hand``: a lane is at work on it; ``journal-contradicts``: it counts as
                spoiled already.
        """
        with self._lock:
            if chip in self._in_hand:
                raise in_hand()
            self.note(CardSpoiled(chip=chip, reason=reason))

    def give_back(self, order: str) -> None:
        """Note that the order is the registry's again.

        Raises:
            Refusal: ``in-hand``; ``order-on-another-card``: a card holds it.
        """
        with self._lock:
            if order in self._in_hand:
                raise in_hand()
            holder = self._recovery.holder_of(order)
            if holder is not None:
                raise order_elsewhere(holder)
            self.note(OrderGivenBack(order=order))

    def begin(self, intent: Intent, *, only_once: bool) -> None:
        """Take the order in hand and note its intent; see ``journal_opening.begin_order``."""
        with self._lock:
            begin_order(self, intent, only_once=only_once)

    def meet(self, chip: bytes, found: Found, intent: Intent, *, only_once: bool) -> Action:
        """Take a card in hand, return what to do with it; see ``journal_opening.meet_card``."""
        with self._lock:
            return meet_card(self, chip, found, intent, only_once=only_once)

    def take_in_hand(self, what: str | bytes) -> None:
        """Let no other lane have an order or a chip; Raises: Refusal ``in-hand``."""
        with self._lock:
            if what in self._in_hand:
                raise in_hand()
            self._in_hand.add(what)

    def let_go(self, what: Iterable[str | bytes]) -> None:
        """Let any lane have these orders and chips again."""
        with self._lock:
            self._in_hand.difference_update(what)

    @property
    def knows_used_cards(self) -> bool:
        """Say whether a personalized card may be one that is waited for."""
        return bool(self._recovery.pending)

    def bearer_of(self, number: int) -> CardLife | None:
        """Return the card whose chip was given that place in the status list."""
        return self._recovery.bearer_of(number)

    def service_of(self, order: str) -> ServiceLife | None:
        """Return how far an order for a card in somebody's hands came; None: nowhere."""
        return self._recovery.services.orders.get(order)

    def unreported_services(self) -> list[ServiceLife]:
        """Return such orders that are done and were not told of, oldest first."""
        with self._lock:
            return self._recovery.services.unreported()

    def unfinished_services(self) -> list[ServiceLife]:
        """Return such orders that were begun: only their cards say what became of them."""
        with self._lock:
            return self._recovery.services.unfinished()

    @property
    def stock(self) -> blanks.StationStock:
        """The station's blanks, all nought where nobody told which it was handed."""
        return self._stock

    def is_foreign(self, chip: bytes) -> bool:
        """Say whether blanks are kept by serial here and none was received with this one."""
        with self._lock:
            return blanks.is_foreign(chip, self._recovery.blanks)

    def missing_blanks(self) -> list[SerialRange]:
        """Return the serials received and never seen, lowest first."""
        with self._lock:
            return missing_blanks(self._recovery)

    def spoil_blank(self, chip: bytes, reason: SpoiledReason) -> None:
        """Count a blank as spoiled that was torn, bent or lost before it was begun.

        Raises:
            Refusal: ``in-hand``; ``serials-wrong``: it is not in the tray.
        """
        with self._lock:
            if chip in self._in_hand:
                raise in_hand()
            self.note(blanks.spoiled_blank(chip, reason, self._recovery))
