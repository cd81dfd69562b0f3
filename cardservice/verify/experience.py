"""How many octets a card and its reader take at once: tried, and remembered by ATR."""

from threading import Lock
from typing import Final

from cardservice.channel.reading import EXTENDED_BLOCK, PROTECTED_BLOCK
from cardservice.errors import PeerError

REMEMBERED: Final = 1_024  # ATRs; a hostile card could show a new one each time


class ExtendedLengthRefusedError(PeerError):
    """The card takes no extended length; reset it and read in short blocks."""


class BlockSizes:
    """What was learned about cards, for all readers of a desk; safe to share between threads.

    The ATR is a hint and no identity: a wrong guess costs one more reading, never a verdict.
    """

    def __init__(self) -> None:
        self._short: dict[bytes, None] = {}
        self._writing = Lock()

    def for_card(self, atr: bytes) -> int:
        """Return the block to try under secure messaging: extended until it was refused."""
        return PROTECTED_BLOCK if atr in self._short else EXTENDED_BLOCK

    def refuse_extended(self, atr: bytes) -> None:
        """Remember that cards with this ATR are read in short blocks."""
        with self._writing:
            while len(self._short) >= REMEMBERED:
                del self._short[next(iter(self._short))]
            self._short[atr] = None
