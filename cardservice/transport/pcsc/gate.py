"""Keeps calls apart that libpcsclite cannot bear at once, so that no thread crashes another.

Every call with a card's handle first looks the handle up in the lists of *all* contexts of the
process. Connecting and disconnecting change such a list, and libpcsclite 1.9.9 protects that change
with the one context's lock only: a thread that looks up at that moment follows a pointer that is
not set yet. Seen as a general protection fault in ``list_seek``, once in some 20,000 connections on
sixteen readers.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

LOOKED_UP_S: Final = 0.25
"""A call that began so long ago has looked its handle up: nobody waits for a slow card."""


class Gate:
    """Lets calls through: many that look up, or many that connect, or one that disconnects."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._began: dict[int, float] = {}  # by thread: calls under way that look a handle up
        self._connecting = 0
        self._disconnecting = False
        self._waiting = 0

    @contextmanager
    def looking_up(self) -> Iterator[None]:
        """For a call with a handle; it waits while any card is connected or disconnected."""
        thread = threading.get_ident()
        with self._changed:
            while self._connecting or self._disconnecting or self._waiting:
                self._changed.wait()
            self._began[thread] = self._clock()
        try:
            yield
        finally:
            with self._changed:
                self._began.pop(thread, None)
                self._changed.notify_all()

    @contextmanager
    def connecting(self) -> Iterator[None]:
        """For a call that adds a handle; others may add theirs meanwhile."""
        with self._changed:
            self._wait_until(lambda: not self._disconnecting)
            self._connecting += 1
        try:
            yield
        finally:
            with self._changed:
                self._connecting -= 1
                self._changed.notify_all()

    @contextmanager
    def disconnecting(self) -> Iterator[None]:
        """For a call that looks a handle up and removes it: alone."""
        with self._changed:
            self._wait_until(lambda: not self._disconnecting and not self._connecting)
            self._disconnecting = True
        try:
            yield
        finally:
            with self._changed:
                self._disconnecting = False
                self._changed.notify_all()

    def _wait_until(self, free: Callable[[], bool]) -> None:
        """Wait until ``free`` and nobody can be looking up; who comes later waits behind."""
        self._waiting += 1
        try:
            while not free() or self._looked_up_in() > 0:
                self._changed.wait(self._looked_up_in() if free() else None)
        finally:
            self._waiting -= 1

    def _looked_up_in(self) -> float:
        """Return the seconds until every call under way has looked its handle up."""
        if not self._began:
            return 0
        return max(self._began.values()) + LOOKED_UP_S - self._clock()
