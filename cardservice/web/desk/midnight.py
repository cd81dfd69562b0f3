"""A call at the end of each day."""

from collections.abc import Callable
from datetime import date, datetime
from threading import Event, Thread

LOOK_EVERY_S = 30.0  # a machine that slept or whose clock was set notices within this


class Midnight:
    """Calls ``new_day`` with the day that has begun, on a thread of its own, once a day."""

    def __init__(
        self,
        new_day: Callable[[date], None],
        *,
        today: Callable[[], date] = lambda: datetime.now().astimezone().date(),
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._new_day = new_day
        self._today = today
        self._look_every_s = look_every_s
        self._over = Event()
        self._thread = Thread(target=self._run, name="desk midnight", daemon=True)

    def start(self) -> None:
        """Begin to look at the calendar."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it; harmless when it was never started."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        day = self._today()
        while not self._over.wait(self._look_every_s):
            if self._today() != day:
                day = self._today()
                self._new_day(day)
