"""Results that stay on the page for a set time after the card left."""

from collections.abc import Callable
from threading import Lock, Timer


class Holds:
    """At most one running hold for each reader; ``seconds`` 0 means that nothing is held."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._timers: dict[str, Timer] = {}
        self._one_change = Lock()  # A hold that is known has begun, so it can be waited for.

    @property
    def wanted(self) -> bool:
        return self._seconds > 0

    def begin(self, reader: str, over: Callable[[], None]) -> None:
        """Call ``over`` once after the set time, on a thread of its own, unless ended before."""
        timer = Timer(self._seconds, over)
        timer.name, timer.daemon = f"desk hold {reader}", True
        with self._one_change:
            self._timers[reader] = timer
            timer.start()

    def end(self, reader: str) -> None:
        """Forget the hold of that reader, if there is one."""
        with self._one_change:
            timer = self._timers.pop(reader, None)
        if timer is not None:
            timer.cancel()
            timer.join()  # At once: a cancelled timer has nothing to wait for.

    def end_all(self) -> None:
        """Forget every hold."""
        for reader in tuple(self._timers):
            self.end(reader)
