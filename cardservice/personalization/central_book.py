"""What a central service remembers itself: which chip made which key, which order is on which chip.

A station's journal is the station's. One that was lost, or lies, must not get a card made twice,
nor a security object over a key that no chip made; so the central keeps these few entries too.
"""

import threading
from dataclasses import dataclass
from datetime import datetime

from cardservice.errors import Refusal, UsageError
from cardservice.personalization.journal import (
    CardSpoiled,
    ChipKeyMade,
    DataStored,
    Entry,
    Journal,
    SpoiledReason,
)

BookEntry = ChipKeyMade | DataStored | CardSpoiled


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The data that a chip was given last.

    Attributes:
        chip: serial number, 8 octets.
        number: its place in the status list, 48 bits.
    """

    chip: bytes
    order: str
    number: int
    signed_at: datetime


class CentralBook:
    """The sum of the central's own journal; safe for threads."""

    def __init__(self, journal: Journal) -> None:
        """Read what was kept; raises as the journal does."""
        self._journal = journal
        self._lock = threading.RLock()
        self._points: dict[bytes, bytes] = {}
        self._signed: dict[bytes, Signed] = {}
        self._orders: dict[str, bytes] = {}
        self._numbers: dict[int, bytes] = {}
        for kept in journal.entries():
            self._apply(kept.entry)

    def point_of(self, chip: bytes) -> bytes | None:
        """Return the public key that the chip said it made, under its own protection."""
        return self._points.get(chip)

    def signed(self, chip: bytes) -> Signed | None:
        """Return what the chip was given last; None: nothing, or it was given up."""
        return self._signed.get(chip)

    def holder_of(self, order: str) -> Signed | None:
        """Return the card that the order is on; None: it may be made."""
        with self._lock:
            chip = self._orders.get(order)
            return None if chip is None else self._signed.get(chip)

    def bearer_of(self, number: int) -> bytes | None:
        """Return the chip that was given that place in the status list last."""
        return self._numbers.get(number)

    def keep(self, entry: BookEntry) -> None:
        """Have ``entry`` on the disk.

        Raises:
            Refusal: ``keys-unavailable``: it is not kept; nothing may follow.
        """
        with self._lock:
            try:
                kept = self._journal.append(entry)
            except Refusal:
                sentence = "The central service cannot write down what it signs; look at its disk."
                raise Refusal("keys-unavailable", sentence) from None
            self._apply(kept.entry)

    def release(self, order: str) -> bytes:
        """Let another card be made for ``order``; return the chip that is given up.

        Raises:
            UsageError: no card was made for it here.
        """
        with self._lock:
            holder = self.holder_of(order)
            if holder is None:
                raise UsageError("no card was made for this order here; compare its name")
            self.keep(CardSpoiled(chip=holder.chip, reason=SpoiledReason.LOST))
            return holder.chip

    def _apply(self, entry: Entry) -> None:
        match entry:
            case ChipKeyMade(chip=chip, point=point):
                self._points[chip] = point
            case DataStored(chip=chip, order=order, number=number):
                self._forget_order_of(chip)
                signed_at = entry.signed_at
                self._signed[chip] = Signed(
                    chip=chip, order=order, number=number, signed_at=signed_at
                )
                self._orders[order] = self._numbers[number] = chip
            case CardSpoiled(chip=chip):
                # Its number stays: the chip may have been given it.
                self._signed.pop(chip, None)

    def _forget_order_of(self, chip: bytes) -> None:
        """A blank whose data were replaced is not the card of its earlier order."""
        before = self._signed.get(chip)
        if before is None:
            return
        if self._orders.get(before.order) == chip:
            del self._orders[before.order]
        if self._numbers.get(before.number) == chip:
            del self._numbers[before.number]
