"""How many blanks a station has and what became of them, from its journal alone.

Only chips in ranges that were received count. Where no range was ever received nothing is counted
and no blank is foreign.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum, unique
from typing import Final

from cardservice.errors import Refusal
from cardservice.personalization.journal import (
    CHIP_SERIAL_LEN,
    BlanksEntry,
    BlanksReceived,
    BlanksReturned,
    CardEnded,
    CardEntry,
    CardMade,
    CardSpoiled,
    Entry,
    OutcomeReported,
    SpoiledReason,
)
from cardservice.personalization.lanes import StockView
from cardservice.personalization.recovery import Recovery
from cardservice.personalization.recovery_blanks import Blanks
from cardservice.personalization.recovery_lives import CardLife, Standing


@unique
class Place(StrEnum):
    """Where a blank that was received is counted."""

    IN_TRAY = "in_tray"
    BEGUN = "begun"
    MADE = "made"
    SPOILED = "spoiled"


_PLACES: Final[Mapping[Standing, Place]] = {
    Standing.MADE: Place.MADE,
    Standing.SPOILED: Place.SPOILED,
    Standing.ENDED: Place.SPOILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StationStock:
    """Blanks of one station: ``received`` is the sum of the others.

    Attributes:
        in_tray: not begun and not given back.
        begun: neither made nor spoiled yet.
        spoiled: begun or not.
        returned: given back, unused.
    """

    received: int = 0
    in_tray: int = 0
    begun: int = 0
    made: int = 0
    spoiled: int = 0
    returned: int = 0

    @property
    def view(self) -> StockView:
        """The same as it is shown."""
        return StockView(kept=self.received > 0, **asdict(self))

    @property
    def is_balanced(self) -> bool:
        """Say whether it adds up."""
        parts = (self.in_tray, self.begun, self.made, self.spoiled, self.returned)
        return self.received == sum(parts) and min(parts) >= 0

    def require_balance(self) -> "StationStock":
        """Return this stock; raises Refusal ``stock-differs`` if it does not add up."""
        if not self.is_balanced:
            raise _differs(self)
        return self


def number_of_serial(chip: bytes) -> int:
    """Return a chip serial, 8 octets, as a number."""
    return int.from_bytes(chip)


def serial_text(serial: int) -> str:
    """Return a chip serial as people read it: 16 hexadecimal digits."""
    return f"{serial:0{2 * CHIP_SERIAL_LEN}X}"


def stock_of(recovery: Recovery) -> StationStock:
    """Return the stock, counted anew; nobody checked whether it adds up.

    A card that was begun although its blank had been given back is counted twice, so that it shows.
    """
    blanks = recovery.blanks
    counts, held = dict.fromkeys(Place, 0), 0
    for chip, life in recovery.cards.items():
        serial = number_of_serial(chip)
        if blanks.held.covers(serial):
            held += 1
        elif not blanks.gone.covers(serial):
            continue
        counts[place_of(life)] += 1
    counts[Place.IN_TRAY] = blanks.held.size - held
    by_name = {place.value: count for place, count in counts.items()}
    return StationStock(received=blanks.received, returned=blanks.returned, **by_name)


def stock_after(stock: StationStock, entry: Entry, recovery: Recovery) -> StationStock:
    """Return the stock once ``entry`` is kept; costs the same however much there was before.

    Args:
        stock: before it.
        entry: about to be written.
        recovery: what the journal comes to without it.

    Raises:
        Refusal: ``serials-known``, ``serials-wrong``: these blanks cannot be received or given
            back; ``stock-differs``: the station's blanks would not add up.
    """
    match entry:
        case BlanksReceived():
            expect_new(entry, recovery.blanks)
            return _received(stock, entry, recovery).require_balance()
        case BlanksReturned():
            expect_unused(entry, recovery)
            count = entry.last - entry.first + 1
            moved = replace(stock, in_tray=stock.in_tray - count, returned=stock.returned + count)
            return moved.require_balance()
        case CardEntry():
            return _moved(stock, entry, recovery)
    return stock


def expect_new(entry: BlanksEntry, blanks: Blanks) -> None:
    """Do nothing if these blanks may be received; raises Refusal ``serials-known``."""
    if blanks.held.covers_any(entry.first, entry.last):
        raise Refusal(
            "serials-known",
            "Some of these chip serials were received already and are not given back; compare "
            "the range with the label of the box. Nothing was booked.",
        )


def expect_unused(entry: BlanksEntry, recovery: Recovery) -> None:
    """Do nothing if these blanks lie in the tray; raises Refusal ``serials-wrong``."""
    if not recovery.blanks.held.covers_all(entry.first, entry.last):
        raise _wrong("Some of these chip serials were never received here, or are given back.")
    used = next(known_within(entry.first, entry.last, recovery), None)
    if used is not None:
        raise _wrong(f"The card {used.chip.hex().upper()} is no blank: it is {place_of(used)}.")


def spoiled_blank(chip: bytes, reason: SpoiledReason, recovery: Recovery) -> CardSpoiled:
    """Return the entry for a blank that was torn, bent or lost before it was begun.

    Raises:
        Refusal: ``serials-wrong``: it is not in the tray.
    """
    if chip in recovery.cards:
        raise _wrong(
            f"The card {chip.hex().upper()} was begun already; give it up with: "
            "cardservice station journal give-up"
        )
    if not recovery.blanks.covers(number_of_serial(chip)):
        raise _wrong(f"The blank {chip.hex().upper()} was never received here, or is given back.")
    return CardSpoiled(chip=chip, reason=reason)


def is_foreign(chip: bytes, blanks: Blanks) -> bool:
    """Say whether blanks are kept by serial and none was received with this one."""
    return blanks.are_kept and not blanks.covers(number_of_serial(chip))


def foreign_blank(chip: bytes) -> Refusal:
    """Return the refusal ``blank-foreign``: nothing was written to the card."""
    return Refusal(
        "blank-foreign",
        f"The blank {chip.hex().upper()} was never handed to this station; nothing was written. "
        "Lay it aside and ask where it comes from; if it is ours, receive its range first.",
    )


def place_of(life: CardLife) -> Place:
    """Return where a card that the journal knows is counted."""
    return _PLACES.get(life.standing, Place.BEGUN)


def _received(stock: StationStock, entry: BlanksEntry, recovery: Recovery) -> StationStock:
    """Count new blanks, those among them that were begun before anybody received them too."""
    count = entry.last - entry.first + 1
    counts = {place: getattr(stock, place) for place in Place}
    counts[Place.IN_TRAY] += count
    for life in known_within(entry.first, entry.last, recovery):
        counts[Place.IN_TRAY] -= 1
        counts[place_of(life)] += 1
    by_name = {place.value: count for place, count in counts.items()}
    return replace(stock, received=stock.received + count, **by_name)


def _moved(stock: StationStock, entry: CardEntry, recovery: Recovery) -> StationStock:
    """Count a card of a range that was received where ``entry`` puts it."""
    blanks, serial = recovery.blanks, number_of_serial(entry.chip)
    if isinstance(entry, OutcomeReported) or not blanks.are_kept:
        return stock
    life = recovery.cards.get(entry.chip)
    if life is None and blanks.gone.covers(serial):
        raise _gone(entry.chip)
    before = Place.IN_TRAY if life is None else place_of(life)
    after = _place_after(entry)
    if before is after or not blanks.covers(serial):
        return stock
    left, entered = getattr(stock, before), getattr(stock, after)
    return replace(stock, **{before.value: left - 1, after.value: entered + 1}).require_balance()


def _place_after(entry: CardEntry) -> Place:
    if isinstance(entry, CardSpoiled | CardEnded):
        return Place.SPOILED
    return Place.MADE if isinstance(entry, CardMade) else Place.BEGUN


def known_within(first: int, last: int, recovery: Recovery) -> Iterator[CardLife]:
    """Yield the cards with these serials, by the shorter way to find them."""
    if last - first < len(recovery.cards):
        chips = (serial.to_bytes(CHIP_SERIAL_LEN) for serial in range(first, last + 1))
        found = (recovery.cards.get(chip) for chip in chips)
        yield from (life for life in found if life is not None)
    else:
        lives = recovery.cards.values()
        yield from (one for one in lives if first <= number_of_serial(one.chip) <= last)


def _differs(stock: StationStock) -> Refusal:
    return Refusal(
        "stock-differs",
        f"The station's blanks do not add up: {stock.received} received, but {stock.in_tray} in "
        f"the tray, {stock.begun} begun, {stock.made} made, {stock.spoiled} spoiled, "
        f"{stock.returned} given back. Nothing more was booked. Count the tray with: "
        "cardservice station stock count",
    )


def _gone(chip: bytes) -> Refusal:
    return Refusal(
        "stock-differs",
        f"The blank {chip.hex().upper()} was booked as given back, and is here. If it came again, "
        "receive it once more; else find out which blanks were given back.",
    )


def _wrong(sentence: str) -> Refusal:
    return Refusal("serials-wrong", f"{sentence} Nothing was booked.")
