"""A link that answers within a bound, or not at all: a mute card ends a case, never the run."""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cardservice.errors import CardRemovedError, TimeBudgetError
from cardservice.transport.link import CardLink

_NEVER: Final = float("inf")


@dataclass(slots=True)
class _Errand:
    """One call for the worker, and what came of it."""

    action: Callable[[], bytes]
    done: threading.Event = field(default_factory=threading.Event)
    answer: bytes = b""
    error: Exception | None = None


class _Worker:
    """Makes the calls in a thread of its own, which is left behind if one never returns."""

    def __init__(self) -> None:
        self._errands: queue.SimpleQueue[_Errand | None] = queue.SimpleQueue()
        # A daemon: a driver that hangs must not keep the program from ending.
        threading.Thread(target=self._work, name="card", daemon=True).start()

    def call(self, action: Callable[[], bytes], *, within_s: float) -> bytes:
        errand = _Errand(action)
        self._errands.put(errand)
        if not errand.done.wait(None if within_s == _NEVER else max(0.0, within_s)):
            raise TimeBudgetError("the card did not answer in the time of this case")
        if errand.error is not None:
            raise errand.error
        return errand.answer

    def stop(self) -> None:
        self._errands.put(None)

    def _work(self) -> None:
        while (errand := self._errands.get()) is not None:
            try:
                errand.answer = errand.action()
            except Exception as error:  # noqa: BLE001 - it is raised where the call was made
                errand.error = error
            errand.done.set()


class BoundedLink:
    """A ``CardLink`` that is opened when it is first used, and anew after it broke.

    Args:
        opening: returns a link to the card, wherever it is.
    """

    def __init__(self, opening: Callable[[], CardLink]) -> None:
        self._opening = opening
        self._link: CardLink | None = None
        self._worker = _Worker()
        self._ends = _NEVER

    @property
    def atr(self) -> bytes:
        """Answer to the latest reset."""
        return self._opened().atr

    def begin(self, budget_s: float) -> None:
        """Give the card ``budget_s`` seconds from now on."""
        self._ends = time.monotonic() + budget_s

    def exchange(self, command: bytes) -> bytes:
        """Send one encoded command; return the answer.

        Raises:
            TimeBudgetError: the time is used up; the link is opened anew when used again.
            LinkError: as for the link below.
        """
        return self._call(lambda: self._opened().exchange(command))

    def reset(self) -> bytes:
        """Reset the card; return its ATR. Raises as ``exchange``."""
        return self._call(lambda: self._opened().reset())

    def close(self) -> None:
        """Let go of the card. Harmless when repeated."""
        link, self._link = self._link, None
        self._worker.stop()
        if link is not None:
            link.close()

    def _opened(self) -> CardLink:
        if self._link is None:
            self._link = self._opening()
        return self._link

    def _call(self, action: Callable[[], bytes]) -> bytes:
        try:
            return self._worker.call(action, within_s=self._ends - time.monotonic())
        except TimeBudgetError:
            # The thread may hang in the driver for good: it keeps its link, and both are left.
            self._link, self._worker = None, _Worker()
            raise
        except CardRemovedError:
            self._let_go()
            raise

    def _let_go(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.close()
