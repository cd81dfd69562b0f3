"""What a journal comes to: for every chip where it stands, for every order which card it has."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from cardservice.errors import Refusal
from cardservice.personalization.journal import (
    BlanksEntry,
    CardEnded,
    CardEntry,
    CardMade,
    CardSeen,
    CardSpoiled,
    ChipKeyMade,
    DataStored,
    Entry,
    Finalized,
    Intent,
    Kept,
    KeysReplaced,
    OrderGivenBack,
    OrderOnCard,
    OutcomeReported,
    ServiceEntry,
    Verified,
)
from cardservice.personalization.recovery_blanks import Blanks
from cardservice.personalization.recovery_lives import (
    CLOSED,
    HOLDS_ORDER,
    CardLife,
    OrderLife,
    Standing,
)
from cardservice.personalization.recovery_services import Services


@dataclass(slots=True)
class Recovery:
    """The sum of a journal; ``recover`` makes one, ``apply`` carries it on, entry by entry.

    Attributes:
        cards: by chip serial.
        orders: by name; those given back are not in it.
        numbers: place in the status list → the chip that was given it last.
        pending: chips neither made and told of nor ended: what may lie in a tray or a bin.
        blanks: which blanks the station was handed.
        services: orders for cards that are in somebody's hands.
    """

    cards: dict[bytes, CardLife] = field(default_factory=dict)
    orders: dict[str, OrderLife] = field(default_factory=dict)
    numbers: dict[int, bytes] = field(default_factory=dict)
    pending: set[bytes] = field(default_factory=set)
    blanks: Blanks = field(default_factory=Blanks)
    services: Services = field(default_factory=Services)
    sequence: int = 0

    def expect(self, entry: Entry) -> None:
        """Do nothing if ``entry`` may follow; Raises: Refusal ``journal-contradicts``."""
        if isinstance(entry, CardEntry):
            life = self.cards.get(entry.chip)
            if (None if life is None else life.standing) not in _FOLLOWS[type(entry)]:
                raise _contradiction(self.sequence + 1)
        if isinstance(entry, OrderGivenBack) and self.holder_of(entry.order) is not None:
            raise _contradiction(self.sequence + 1)
        if isinstance(entry, ServiceEntry) and not self.services.may_follow(entry):
            raise _contradiction(self.sequence + 1)

    def apply(self, kept: Kept) -> None:
        """Take one more entry in.

        Raises:
            Refusal: ``journal-contradicts``: it does not follow from those before.
        """
        if kept.sequence <= self.sequence:
            raise _contradiction(kept.sequence)
        self.expect(kept.entry)
        self.sequence = kept.sequence
        match kept.entry:
            case Intent(order=order, number=number):
                known = self.orders.get(order) or OrderLife(order=order, number=number)
                # An order that is made keeps the number of its card.
                self.orders[order] = known if known.is_made else replace(known, number=number)
            case OrderGivenBack(order=order):
                self.orders.pop(order, None)
            case CardEntry() as entry:
                self._apply_to_card(entry, kept.sequence)
            case BlanksEntry() as entry:
                self.blanks.apply(entry)
            case ServiceEntry() as entry:
                self.services.apply(entry, kept.sequence)

    def holder_of(self, order: str) -> CardLife | None:
        """Return the card that holds the order; None: it is free."""
        known = self.orders.get(order)
        return None if known is None or known.chip is None else self.cards[known.chip]

    def bearer_of(self, number: int) -> CardLife | None:
        """Return the card whose chip was given that place in the status list; None: no card."""
        chip = self.numbers.get(number)
        return None if chip is None else self.cards[chip]

    def unreported(self) -> list[CardLife]:
        """Return the cards made or spoiled that nobody was told of, in the order of events."""
        lives = (self.cards[chip] for chip in self.pending)
        waiting = [life for life in lives if not life.is_open and not life.reported]
        return sorted(waiting, key=lambda life: life.sequence)

    def open_cards(self) -> list[CardLife]:
        """Return the cards neither made nor spoiled, in the order in which they were touched."""
        lives = (self.cards[chip] for chip in self.pending)
        return sorted((life for life in lives if life.is_open), key=lambda life: life.sequence)

    def _apply_to_card(self, entry: CardEntry, sequence: int) -> None:
        before = self.cards.get(entry.chip) or CardLife(chip=entry.chip, standing=Standing.SEEN)
        life = _after(before, entry, sequence)
        self.cards[entry.chip] = life
        # Who is told of a card changes nothing of whose it is.
        if type(entry) is not OutcomeReported:
            self._bind(before, life)
        # A spoiled card that was told of and not ended may turn up again.
        if life.reported and life.standing in _DONE:
            self.pending.discard(entry.chip)
        else:
            self.pending.add(entry.chip)

    def _bind(self, before: CardLife, life: CardLife) -> None:
        """Let orders know which card holds them now."""
        old = None if before.order is None else self.orders.get(before.order)
        if old is not None and old.chip == life.chip:
            self.orders[old.order] = replace(old, chip=None, is_made=False)
        if before.number is not None and self.numbers.get(before.number) == life.chip:
            del self.numbers[before.number]
        if life.number is not None:
            self.numbers[life.number] = life.chip
        if life.order is None or life.number is None or life.standing not in HOLDS_ORDER:
            return
        known = self.orders.get(life.order)
        is_made = life.standing is Standing.MADE
        number = life.number if is_made or known is None else known.number
        self.orders[life.order] = OrderLife(
            order=life.order, number=number, chip=life.chip, is_made=is_made
        )


def recover(entries: Iterable[Kept], *, each: Callable[[Kept], None] | None = None) -> Recovery:
    """Return what ``entries``, oldest first, come to; the same entries come to the same.

    Args:
        entries: of a journal, from its first one.
        each: told of every entry, for whoever would read them a second time.

    Raises:
        Refusal: ``journal-contradicts``: they are no story of a station.
    """
    recovery = Recovery()
    for kept in entries:
        recovery.apply(kept)
        if each is not None:
            each(kept)
    return recovery


_DONE: Final = frozenset({Standing.MADE, Standing.ENDED})
_BLANK: Final = frozenset({Standing.SEEN, Standing.KEYED, Standing.KEY_MADE})
_WITH_DATA: Final = frozenset({Standing.STORED, Standing.FINALIZED, Standing.VERIFIED})
_FOLLOWS: Final[Mapping[type[CardEntry], frozenset[Standing | None]]] = {
    CardSeen: frozenset({None, *_BLANK, Standing.STORED}),
    KeysReplaced: frozenset({Standing.SEEN}),
    ChipKeyMade: frozenset({Standing.KEYED, Standing.KEY_MADE}),
    DataStored: frozenset({Standing.KEY_MADE, Standing.STORED}),
    Finalized: frozenset({Standing.STORED}),
    Verified: frozenset({Standing.FINALIZED, Standing.VERIFIED}),
    CardMade: frozenset({None, Standing.VERIFIED}),  # None: older entries were left out
    CardSpoiled: frozenset({None, *_BLANK, *_WITH_DATA, Standing.MADE}),  # None: never seen here
    CardEnded: frozenset({Standing.SPOILED}),
    OutcomeReported: CLOSED,
}
"""Entry about a card → where the card may stand before it."""

_STANDING_AFTER: Final[Mapping[type[CardEntry], Standing]] = {
    KeysReplaced: Standing.KEYED,
    ChipKeyMade: Standing.KEY_MADE,
    DataStored: Standing.STORED,
    Finalized: Standing.FINALIZED,
    Verified: Standing.VERIFIED,
    CardMade: Standing.MADE,
    CardEnded: Standing.ENDED,
}


def _after(life: CardLife, entry: CardEntry, sequence: int) -> CardLife:
    # Field by field: a start builds millions of lives, and ``replace`` takes five times as long.
    standing = _STANDING_AFTER.get(type(entry), life.standing)
    order, number, signed_at = life.order, life.number, life.signed_at
    point, reason, reported = life.point, life.reason, life.reported
    match entry:
        case OrderOnCard():
            order, number, signed_at = entry.order, entry.number, entry.signed_at
        case ChipKeyMade():
            point = entry.point
        case CardSpoiled():
            standing, reason, reported = Standing.SPOILED, entry.reason.value, False
        case OutcomeReported():
            reported = True
            # Nobody finishes a card that was told of: its point would only take room.
            point = None if standing is Standing.MADE else point
    return CardLife(
        chip=life.chip,
        standing=standing,
        order=order,
        number=number,
        signed_at=signed_at,
        point=point,
        reason=reason,
        reported=reported,
        sequence=sequence,
    )


def _contradiction(sequence: int) -> Refusal:
    return Refusal(
        "journal-contradicts",
        f"Entry {sequence} of the station's journal does not follow from those before it.",
    )
