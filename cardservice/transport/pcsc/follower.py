"""One thread that follows one reader: which card is in it, and since when."""

import threading
from collections.abc import Callable
from typing import Final

from cardservice.errors import LinkError
from cardservice.transport.events import CardPresented, CardRemoved
from cardservice.transport.pcsc.context import Context
from cardservice.transport.pcsc.presence import UNAWARE, ReaderState, changes
from cardservice.transport.pcsc.scard import Scard

LOOK_AGAIN_MS: Final = 5000  # only so that no wait is for ever
WAKE_AGAIN_S: Final = 0.02
MOST_LOOKS: Final = 10  # at an unfinished state; some readers may know no other
FINISHED_S: Final = 0.005  # the service needs microseconds, unless others hold its processor

Tell = Callable[[CardPresented | CardRemoved], None]


class ReaderFollower:
    """Tells of each card in ``reader`` until ended, or until the reader or the service is gone."""

    def __init__(self, scard: Scard, reader: str, tell: Tell, clock: Callable[[], float]) -> None:
        self._scard = scard
        self._reader = reader
        self._tell = tell
        self._clock = clock
        self._ending = threading.Event()
        self._context: Context | None = None
        self._state = ReaderState()
        self._thread = threading.Thread(target=self._run, name=f"reader {reader}", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the reader is still being followed."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin to follow; once only."""
        self._thread.start()

    def end(self) -> None:
        """Stop following and wait for the thread's end; what card was there is not told."""
        self._ending.set()
        wake_until_ended(self._thread, self._wake)

    def _run(self) -> None:
        try:
            with Context(self._scard) as self._context:
                self._follow(self._context)
        except LinkError:
            # Whether reader or service is gone, the thread with the list finds out.
            self._move_to(ReaderState())

    def _follow(self, context: Context) -> None:
        while not self._ending.is_set():
            found = context.wait(self._reader, self._state.known, LOOK_AGAIN_MS)
            if found is not None:
                self._move_to(self._finished(context, ReaderState(*found)))

    def _finished(self, context: Context, state: ReaderState) -> ReaderState:
        for _ in range(MOST_LOOKS):
            if not state.unfinished or self._ending.wait(FINISHED_S):
                break
            found = context.wait(self._reader, UNAWARE, LOOK_AGAIN_MS)
            state = state if found is None else ReaderState(*found)
        return state

    def _move_to(self, state: ReaderState) -> None:
        before, self._state = self._state, state
        for event in changes(self._reader, before, state, self._clock()):
            self._tell(event)

    def _wake(self) -> None:
        if self._context is not None:
            self._context.cancel()


def wake_until_ended(thread: threading.Thread, wake: Callable[[], None]) -> None:
    """Call ``wake`` until ``thread`` has ended; one call may come before the thread waits."""
    while thread.is_alive():
        wake()
        thread.join(WAKE_AGAIN_S)
