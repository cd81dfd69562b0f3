"""A limit on how long, and how often, one card may keep us."""

import time
from collections.abc import Callable
from typing import Final

from cardservice.errors import TimeBudgetError
from cardservice.transport.events import ReaderWatch
from cardservice.transport.link import CardLink

# Reading the largest policy card in blocks of 223 octets takes under 200 commands.
MAX_COMMANDS: Final = 2000


class TimeBudgetLink:
    """A link that gives up once the card has used ``budget_s`` seconds or ``max_commands``.

    Only time spent waiting for the card counts. A command that is running is not interrupted: the
    answer of the one that oversteps is dropped. ``clock`` returns seconds that never go back.
    """

    def __init__(
        self,
        link: CardLink,
        budget_s: float,
        clock: Callable[[], float],
        *,
        max_commands: int = MAX_COMMANDS,
    ) -> None:
        self._link = link
        self._left_s = budget_s
        self._clock = clock
        self._commands_left = max_commands

    @property
    def atr(self) -> bytes:
        """Answer to reset, 2 to 33 octets as received."""
        return self._link.atr

    @property
    def left_s(self) -> float:
        """Seconds the card may still take; 0 or less when the budget is used up."""
        return self._left_s

    def exchange(self, command: bytes) -> bytes:
        """Send one encoded command APDU; return the encoded response, SW included.

        Raises:
            TimeBudgetError: the time or the number of commands is used up.
            LinkError: as for the link below.
        """
        self._commands_left -= 1
        return self._timed(lambda: self._link.exchange(command))

    def reset(self) -> bytes:
        """Warm-reset the card; return its ATR. Counts as a command.

        Raises:
            TimeBudgetError: as for ``exchange``.
            LinkError: as for the link below.
        """
        self._commands_left -= 1
        return self._timed(self._link.reset)

    def close(self) -> None:
        """Let go of the card. Harmless when repeated, and when the card is gone."""
        self._link.close()

    def _timed(self, action: Callable[[], bytes]) -> bytes:
        if self._commands_left < 0:
            raise TimeBudgetError("the card was asked more often than any card needs")
        self._check_time()
        began = self._clock()
        try:
            answer = action()
        finally:
            self._left_s -= self._clock() - began
        self._check_time()
        return answer

    def _check_time(self) -> None:
        if self._left_s <= 0:
            raise TimeBudgetError("the card took longer than the time set aside for it")


class BudgetedWatch:
    """A ``ReaderWatch`` whose links each have a time budget; the rest is the watch's below."""

    def __init__(
        self, watch: ReaderWatch, budget_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._watch = watch
        self._budget_s = budget_s
        self._clock = clock
        self.start = watch.start
        self.stop = watch.stop

    def open(self, reader: str) -> CardLink:
        """Return a link to the card in ``reader``, which may keep us for the budget only.

        Raises:
            LinkError: as for the watch below.
        """
        return TimeBudgetLink(self._watch.open(reader), self._budget_s, self._clock)
