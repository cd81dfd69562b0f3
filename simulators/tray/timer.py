"""Things to be done after a while, by a thread of the tray."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from typing import Final

logger = logging.getLogger(__name__)

END_S: Final = 10.0  # a removal waits for a lost card at most 5 s, twice

Due = tuple[float, int, Callable[[], None]]


class Timer:
    """One thread that waits; what is due runs in a thread of its own, so that none delays another.

    The waiting thread starts with the first thing to wait for.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: list[Due] = []
        self._order = itertools.count()
        self._thread: threading.Thread | None = None
        self._running: set[threading.Thread] = set()
        self._ended = False

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Run ``action`` in ``seconds``; never once the timer was closed."""
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), action))
            if self._thread is None and not self._ended:
                self._thread = threading.Thread(target=self._run, name="tray timer", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def close(self) -> None:
        """Forget what is not due yet, and wait for what is running. Harmless when repeated."""
        with self._changed:
            self._ended = True
            self._due.clear()
            self._changed.notify_all()
            threads = {*self._running, *([self._thread] if self._thread else [])}
        for thread in threads - {threading.current_thread()}:
            thread.join(END_S)

    def _run(self) -> None:
        while (action := self._next()) is not None:
            self._start(action)

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while not self._ended:
                now = time.monotonic()
                if self._due and self._due[0][0] <= now:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(self._due[0][0] - now if self._due else None)
            return None

    def _start(self, action: Callable[[], None]) -> None:
        thread = threading.Thread(target=self._do, args=(action,), name="tray hand", daemon=True)
        with self._changed:
            if self._ended:
                return
            self._running.add(thread)
            thread.start()

    def _do(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:  # noqa: BLE001 - nobody is left to raise it to
            logger.warning("a thing due in the tray failed (%s)", type(error).__name__)
        finally:
            with self._changed:
                self._running.discard(threading.current_thread())
