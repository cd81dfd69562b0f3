"""The reader loop: a thread a reader, one for the list of readers, and recovery of the service.

Written because pyscard's own monitor loses removals with two readers, gives no first event, and
does not come back after the service was restarted (pyscard issues 220, 231, 82).
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from cardservice.errors import LinkError, ReaderUnavailableError, UsageError
from cardservice.transport.events import (
    ReaderAdded,
    ReaderEvent,
    ReaderRemoved,
    ServiceLost,
    ServiceRestored,
    Sink,
)
from cardservice.transport.link import CardLink
from cardservice.transport.pcsc.codes import SERVICE_REMEDY
from cardservice.transport.pcsc.context import PLUG_AND_PLAY, Context
from cardservice.transport.pcsc.follower import ReaderFollower, wake_until_ended
from cardservice.transport.pcsc.link import PcscLink
from cardservice.transport.pcsc.presence import UNAWARE, ReaderState
from cardservice.transport.pcsc.scard import Scard, load

logger = logging.getLogger(__name__)

# The service tells of new readers only to those who wait already; looking again closes the gap.
LIST_AGAIN_MS: Final = 1000
LIST_PAUSE_S: Final = 0.05  # a service that calls without end gets 20 answers a second
FIRST_WAIT_S: Final = 0.1
LONGEST_WAIT_S: Final = 2.0


class PcscWatch:
    """A ``ReaderWatch`` over all PC/SC readers of the machine."""

    def __init__(
        self, scard: Scard | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Prepare to watch.

        Raises:
            ReaderUnavailableError: pyscard is not installed.
        """
        self._scard = scard or load()
        self._clock = clock
        self._stopping = threading.Event()
        self._telling = threading.Lock()
        self._sink: Sink | None = None
        self._thread: threading.Thread | None = None
        self._context: Context | None = None
        self._followers: dict[str, ReaderFollower] = {}

    def start(self, sink: Sink) -> None:
        """Begin; events come from threads of this watch, one at a time.

        Raises:
            UsageError: started already.
        """
        if self._thread is not None:
            raise UsageError("this watch is started already")
        self._sink = sink
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="reader list", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End promptly; no event comes after this has returned. Harmless when repeated."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._stopping.set()
        wake_until_ended(thread, self._wake)

    def open(self, reader: str) -> CardLink:
        """Return a link to the card in ``reader``, by its full name.

        Raises:
            CardRemovedError: no card, or it does not answer.
            ReaderUnavailableError: no such reader, no service, or the card is in use.
        """
        return PcscLink(self._scard, reader)

    def _run(self) -> None:
        wait_s, lost = FIRST_WAIT_S, False
        while not self._stopping.is_set():
            try:
                with Context(self._scard) as self._context:
                    if lost:
                        self._tell(ServiceRestored())
                    wait_s, lost = FIRST_WAIT_S, False
                    self._follow_list(self._context)
            except LinkError as error:
                self._lose_readers()
                if not lost:
                    self._tell(_service_lost(error))
                lost = True
                self._stopping.wait(wait_s)
                wait_s = min(2 * wait_s, LONGEST_WAIT_S)
        self._end_followers()

    def _follow_list(self, context: Context) -> None:
        known = UNAWARE
        while not self._stopping.is_set():
            self._adopt(context.readers())
            found = context.wait(PLUG_AND_PLAY, known, LIST_AGAIN_MS)
            if found is not None:
                known = ReaderState(*found).known
                self._stopping.wait(LIST_PAUSE_S)

    def _adopt(self, readers: tuple[str, ...]) -> None:
        for gone in [name for name in self._followers if name not in readers]:
            self._lose_reader(gone)
        for name in readers:
            follower = self._followers.get(name)
            if follower is None:
                self._tell(ReaderAdded(name))
            if follower is None or not follower.alive:
                self._followers[name] = self._new_follower(name)

    def _new_follower(self, name: str) -> ReaderFollower:
        follower = ReaderFollower(self._scard, name, self._tell, self._clock)
        follower.start()
        return follower

    def _lose_reader(self, name: str) -> None:
        self._followers.pop(name).end()
        self._tell(ReaderRemoved(name))

    def _lose_readers(self) -> None:
        for name in list(self._followers):
            self._lose_reader(name)

    def _end_followers(self) -> None:
        while self._followers:
            self._followers.popitem()[1].end()

    def _wake(self) -> None:
        if self._context is not None:
            self._context.cancel()

    def _tell(self, event: ReaderEvent) -> None:
        with self._telling:
            if self._sink is None or self._stopping.is_set():
                return
            try:
                self._sink(event)
            except Exception:
                # A page that fails to draw an event must not end the watch over the readers.
                logger.exception("an event of a reader was not taken")


def _service_lost(error: LinkError) -> ServiceLost:
    if isinstance(error, ReaderUnavailableError):
        return ServiceLost(str(error).removesuffix(f" ({error.remedy})"), error.remedy)
    return ServiceLost(str(error), SERVICE_REMEDY)
