"""From two states of a reader to what happened between them."""

from dataclasses import dataclass
from typing import Final

from cardservice.transport.events import CardPresented, CardRemoved
from cardservice.transport.pcsc.codes import ReaderFlag

COUNTER_SHIFT: Final = 16
UNAWARE: Final = 0  # what to claim to know before the first state, so that it comes at once


@dataclass(frozen=True, slots=True)
class ReaderState:
    """What PC/SC says of a reader: ``word`` with its event counter, and the card's ATR if any."""

    word: int = UNAWARE
    atr: bytes = b""

    @property
    def visit(self) -> int | None:
        """Which insertion this is, None for an empty reader.

        The service counts insertions and removals (16 bits, then from 0 again), so two cards that
        changed places between two looks still have different numbers.
        """
        return self.word >> COUNTER_SHIFT if self.word & ReaderFlag.PRESENT else None

    @property
    def unfinished(self) -> bool:
        """Whether the service was caught in the middle of a change: a card, no ATR, yet not mute.

        pcsc-lite writes what it knows of a reader piece by piece, and lets others read meanwhile.
        """
        answered = bool(self.atr) or bool(self.word & ReaderFlag.MUTE)
        return self.visit is not None and not answered

    @property
    def known(self) -> int:
        """What to tell the service we know, so that it speaks up when anything differs."""
        # As a number: the complement of a flag knows nothing of the counter, and would drop it.
        return self.word & ~ReaderFlag.CHANGED.value


def changes(
    reader: str, before: ReaderState, after: ReaderState, at: float
) -> list[CardPresented | CardRemoved]:
    """Return the events that lead from ``before`` to ``after``, told at ``at`` seconds.

    A swap gives both. A card that came and went between two looks gives nothing.
    """
    if before.visit == after.visit:
        return []
    events: list[CardPresented | CardRemoved] = []
    if before.visit is not None:
        events.append(CardRemoved(reader, at))
    if after.visit is not None:
        events.append(CardPresented(reader, after.atr, at))
    return events
