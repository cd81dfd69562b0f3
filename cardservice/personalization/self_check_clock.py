"""Whether the station's clock can be believed: cards are signed with the time it shows."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from cardservice.errors import Refusal

CLOCK_WRONG: Final = "clock-wrong"
LIMIT: Final = timedelta(seconds=60)
"""A clock that is kept by the network moves by far less; a person or a dead battery by far more."""


class ClockGuard:
    """Tells when the wall clock was moved while the station runs; safe for threads.

    Args:
        wall: the time of day, aware.
        running: seconds that only grow and count the time that the machine slept, too.
        limit: how far the wall clock may be moved, in sum, before somebody has to look.
    """

    def __init__(
        self,
        wall: Callable[[], datetime],
        running: Callable[[], float],
        *,
        limit: timedelta = LIMIT,
    ) -> None:
        self._wall = wall
        self._running = running
        self._limit = limit
        self._lock = threading.Lock()
        self._began = self._now()
        self._moved = timedelta()

    def __call__(self) -> datetime:
        """Return the time of day; raises Refusal as ``require_right``."""
        self.require_right()
        return self._wall()

    @property
    def jump(self) -> timedelta:
        """How far the clock was moved since the start, or since somebody confirmed it."""
        with self._lock:
            return self._jump()

    def require_right(self) -> None:
        """Do nothing if the clock was not moved; once it was, it stays wrong until confirmed.

        Raises:
            Refusal: ``clock-wrong``.
        """
        with self._lock:
            jump = self._jump()
            if abs(jump) > self._limit and not self._moved:
                self._moved = jump
            moved = self._moved
        if moved:
            raise Refusal(CLOCK_WRONG, moved_sentence(moved))

    def confirm(self) -> None:
        """Take the clock as right from now on: a person has looked at it."""
        with self._lock:
            self._began = self._now()
            self._moved = timedelta()

    def _now(self) -> tuple[datetime, float]:
        return self._wall(), self._running()

    def _jump(self) -> timedelta:
        (wall, running), (wall_began, running_began) = self._now(), self._began
        return wall - wall_began - timedelta(seconds=running - running_began)


def moved_sentence(jump: timedelta) -> str:
    """Return what to say of a clock that was moved."""
    way = "forward" if jump > timedelta() else "back"
    return (
        f"The clock was set {way} by {round(abs(jump).total_seconds())} s while the station ran. "
        "Compare it with another clock, set it right, then resume."
    )
