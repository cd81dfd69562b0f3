"""One thread for each reader, so that a slow card holds up neither the page nor other readers."""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

Examine = Callable[[int], None]
STOP_WITHIN_S = 5.0  # a card inside an exchange cannot be interrupted; longer nobody waits for it


class ReaderWorker:
    """Calls ``examine`` with the number of each presentation, one after the other.

    ``examine`` does not raise: it has an answer for everything a card does. It returns at
    once for a card that is gone, so that a backlog of quick swaps costs nothing.
    """

    def __init__(self, name: str, examine: Examine) -> None:
        self._examine = examine
        self._waiting: SimpleQueue[int | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name=f"desk {name}", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def submit(self, presentation: int) -> None:
        """Ask for that presentation to be examined; returns at once."""
        self._waiting.put(presentation)

    def stop(self) -> None:
        """Ask the thread to end after what it is doing; returns at once."""
        self._waiting.put(None)

    def join(self) -> None:
        """Wait for the thread, for a bounded time."""
        self._thread.join(STOP_WITHIN_S)

    def _run(self) -> None:
        while (presentation := self._waiting.get()) is not None:
            self._examine(presentation)
