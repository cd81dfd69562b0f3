"""What happened, for those who come later or were away: bounded, numbered, followed."""

import asyncio
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from simulators.tray import TrayEvent
from simulators.web.simulation.errors import TooManyError

KEPT_EVENTS: Final = 1_000
FOLLOWERS_MAX: Final = 64
_INSTANCE_OCTETS: Final = 4
_SEPARATOR: Final = "-"


@dataclass(frozen=True, slots=True)
class Batch:
    """What somebody who knew everything up to a number has to be told.

    Attributes:
        missed: how many events are no longer kept; None when it cannot be known.
        newest: the number after which to ask next.
    """

    events: tuple[TrayEvent, ...]
    missed: int | None
    newest: int


class History:
    """The last events of one run of the tray. Told from any thread, followed on event loops."""

    def __init__(self, *, kept: int = KEPT_EVENTS, followers: int = FOLLOWERS_MAX) -> None:
        self.instance = token_hex(_INSTANCE_OCTETS)
        self._lock = threading.Lock()
        self._events: deque[TrayEvent] = deque(maxlen=kept)
        self._newest = 0
        self._followers: set[Follower] = set()
        self._followers_max = followers
        self._closed = False

    @property
    def newest(self) -> int:
        """The number of the last event, 0 before the first."""
        return self._newest

    @property
    def closed(self) -> bool:
        """Whether there will be no more."""
        return self._closed

    def note(self, event: TrayEvent) -> None:
        """Keep ``event`` and wake those who follow; to be a subscriber of the tray."""
        with self._lock:
            self._events.append(event)
            self._newest = event.number
            self._wake()

    def last(self, count: int) -> tuple[TrayEvent, ...]:
        """Return the last ``count`` events, the newest first."""
        with self._lock:
            return tuple(reversed(self._events))[:count]

    def after(self, number: int) -> Batch:
        """Return what came after event ``number``."""
        with self._lock:
            events = tuple(one for one in self._events if one.number > number)
            first = self._events[0].number if self._events else self._newest + 1
            return Batch(events, max(0, first - number - 1), self._newest)

    def resume(self, event_id: str) -> Batch:
        """Return what came after the event of that id, of this run or of another."""
        instance, _, digits = event_id.partition(_SEPARATOR)
        known = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(2**63))
        if instance != self.instance or not known or int(digits) > self._newest:
            batch = self.after(0)
            return Batch(batch.events, None, batch.newest)
        return self.after(int(digits))

    def id_of(self, number: int) -> str:
        """Return the id of an event: other runs have other ids."""
        return f"{self.instance}{_SEPARATOR}{number}"

    @contextmanager
    def follow(self) -> Iterator["Follower"]:
        """Be woken at each event for the length of the block; to be entered on an event loop.

        Raises:
            TooManyError: there are as many followers as allowed.
        """
        follower = Follower()
        with self._lock:
            if len(self._followers) >= self._followers_max:
                raise TooManyError("followers of the events", self._followers_max)
            self._followers.add(follower)
        try:
            yield follower
        finally:
            with self._lock:
                self._followers.discard(follower)

    def close(self) -> None:
        """End every stream of events, present and future. Harmless when repeated."""
        with self._lock:
            self._closed = True
            self._wake()

    def _wake(self) -> None:
        for follower in self._followers:
            follower.wake()


class Follower:
    """One stream of events, on the event loop where it was made."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()

    async def wait(self, timeout_s: float) -> bool:
        """Return True at the next event, False when none came for that long."""
        try:
            await asyncio.wait_for(self._changed.wait(), timeout_s)
        except TimeoutError:
            return False
        self._changed.clear()
        return True

    def wake(self) -> None:
        """Say that something happened; from any thread, never waits."""
        with suppress(RuntimeError):  # The loop is closed: nobody is left to tell.
            self._loop.call_soon_threadsafe(self._changed.set)
