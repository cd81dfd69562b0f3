"""Feeders that look at a reader: a person who puts cards in, and a machine whose card is seen."""

import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

from cardservice.errors import ReaderUnavailableError
from cardservice.transport.feeders import CARD_MUTE, Feeder, FeederError

LOOK_S: Final = 0.25  # so often is an end of the wait noticed
OUTAGE_S: Final = 3.0
"""Seconds in which a reader or its service may be away unnoticed; a restart takes one."""
AGAIN_S: Final = 0.2
SEEN_S: Final = 10.0
"""Until a reader shows the card that a machine laid there; PC/SC looks every 0.4 s at the most."""


class Presence(Protocol):
    """Says whether a card is in one reader."""

    def wait(self, *, present: bool, within_s: float) -> bool:
        """Return whether the reader holds a card (or none), after ``within_s`` at the latest.

        Raises:
            ReaderUnavailableError: the reader, or the service, is gone; ask again.
        """
        ...


class _Watcher:
    """Waits at one reader, over short outages of it."""

    def __init__(self, presence: Presence, clock: Callable[[], float]) -> None:
        self._presence = presence
        self._clock = clock
        self._closing = threading.Event()

    def close(self) -> None:
        self._closing.set()

    def wait(self, *, present: bool, within_s: float | None = None) -> bool:
        """Return True once it is so, False after ``within_s`` or when it is closed.

        Raises:
            ReaderUnavailableError: the reader stayed away.
        """
        end = None if within_s is None else self._clock() + within_s
        seen_at = self._clock()
        while not self._closing.is_set() and (end is None or self._clock() < end):
            try:
                if self._presence.wait(present=present, within_s=LOOK_S):
                    return True
                seen_at = self._clock()
            except ReaderUnavailableError:
                if self._clock() - seen_at > OUTAGE_S:
                    raise
                self._closing.wait(AGAIN_S)
        return False


class HandFeeder:
    """A person: a card is there when it lies in the reader, and let go of when it is taken out."""

    def __init__(self, presence: Presence, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._watcher = _Watcher(presence, clock)

    def get_card(self) -> bool:
        """Return True once a card lies in the reader, False when closed.

        Raises:
            ReaderUnavailableError: the reader stayed away; ask again.
        """
        return self._watcher.wait(present=True)

    def done(self) -> None:
        """Return once the card is out; raises as ``get_card``."""
        self._watcher.wait(present=False)

    def error_bin(self) -> None:
        """Return once the card is out; raises as ``get_card``."""
        self._watcher.wait(present=False)

    def close(self) -> None:
        """End any wait."""
        self._watcher.close()


class SeenFeeder:
    """A machine at a reader that takes a moment to notice its cards.

    Without this, a card that came soon after another would pass for the one that left.
    """

    def __init__(
        self,
        feeder: Feeder,
        presence: Presence,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._feeder = feeder
        self._watcher = _Watcher(presence, clock)

    def get_card(self) -> bool:
        """Return True once the reader shows the machine's card, False: the hopper is empty.

        Raises:
            FeederError: ``card-mute``: the machine laid a card that the reader does not see;
                the machine's own.
            ReaderUnavailableError: the reader stayed away.
        """
        if not self._feeder.get_card():
            return False
        if not self._watcher.wait(present=True, within_s=SEEN_S):
            raise FeederError(CARD_MUTE, "The reader does not see the card that was fed.")
        return True

    def done(self) -> None:
        """Take the card to the good ones; return once the reader shows that it is gone."""
        self._feeder.done()
        self._gone()

    def error_bin(self) -> None:
        """Take the card to the bad ones, as ``done``."""
        self._feeder.error_bin()
        self._gone()

    def close(self) -> None:
        """End any wait and let go of the machine."""
        self._watcher.close()
        self._feeder.close()

    def _gone(self) -> None:
        if not self._watcher.wait(present=False, within_s=SEEN_S):
            raise FeederError(CARD_MUTE, "The reader still sees the card that was taken away.")
