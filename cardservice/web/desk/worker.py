"""One thread for each reader, so that a slow card holds up neither the page nor other readers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Thread

STOP_WITHIN_S = 5.0  # a card inside an exchange cannot be interrupted; longer nobody waits for it


@dataclass(frozen=True, slots=True)
class Turn:
    """One card's turn to be examined.

    Attributes:
        can: the number printed on it, if it was typed.
        photo: it was examined before; now its photo is wanted.
    """

    presentation: int
    can: str | None = field(default=None, repr=False)
    photo: bool = False


Examine = Callable[[Turn], None]


class ReaderWorker:
    """Calls ``examine`` with each turn, one after the other, and forgets it.

    ``examine`` does not raise: it has an answer for everything a card does. It returns at
    once for a card that is gone, so that a backlog of quick swaps costs nothing.
    """

    def __init__(self, name: str, examine: Examine) -> None:
        self._examine = examine
        self._waiting: SimpleQueue[Turn | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name=f"desk {name}", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def submit(self, turn: Turn) -> None:
        """Ask for that card to be examined; returns at once."""
        self._waiting.put(turn)

    def stop(self) -> None:
        """Ask the thread to end after what it is doing; returns at once."""
        self._waiting.put(None)

    def join(self) -> None:
        """Wait for the thread, for a bounded time."""
        self._thread.join(STOP_WITHIN_S)

    def _run(self) -> None:
        while self._take_turn():
            pass

    def _take_turn(self) -> bool:
        # A function of its own: a thread that waits for the next card holds no number of the last.
        turn = self._waiting.get()
        if turn is not None:
            self._examine(turn)
        return turn is not None
