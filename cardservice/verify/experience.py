"""What was learned of cards by trying, remembered by ATR: their blocks, and what they demand."""

from threading import Lock
from typing import Final

from cardservice.channel.reading import EXTENDED_BLOCK, PROTECTED_BLOCK
from cardservice.errors import PeerError

REMEMBERED: Final = 1_024  # ATRs; a hostile card could show a new one each time


class ExtendedLengthRefusedError(PeerError):
    """The card takes no extended length; reset it and read in short blocks."""


class Experience:
    """What was learned about cards, for all readers of a desk; safe to share between threads.

    The ATR is a hint and no identity: a wrong guess costs a command or a reading, never a verdict.
    """

    def __init__(self) -> None:
        self._short: dict[bytes, None] = {}
        self._demanding: dict[bytes, None] = {}
        self._writing = Lock()

    def for_card(self, atr: bytes) -> int:
        """Return the block to try under secure messaging: extended until it was refused."""
        return PROTECTED_BLOCK if atr in self._short else EXTENDED_BLOCK

    def refuse_extended(self, atr: bytes) -> None:
        """Remember that cards with this ATR are read in short blocks."""
        self._remember(self._short, atr)

    def asks_for_terminal(self, atr: bytes) -> bool:
        """Say whether the last card with this ATR wanted to see a terminal's certificates."""
        return atr in self._demanding

    def learn_demand(self, atr: bytes, *, demanded: bool) -> None:
        """Remember whether a card with this ATR wanted to see a terminal's certificates."""
        if demanded:
            self._remember(self._demanding, atr)
        else:
            self._demanding.pop(atr, None)

    def _remember(self, known: dict[bytes, None], atr: bytes) -> None:
        with self._writing:
            while len(known) >= REMEMBERED:
                del known[next(iter(known))]
            known[atr] = None
