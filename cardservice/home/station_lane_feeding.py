"""A lane's feeder, asked again and again: it works in a thread, so that nobody waits for it."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from enum import Enum, auto
from typing import Final

from cardservice.personalization.lane_worker import Bin
from cardservice.transport.feeders import EveryTimeAnother, Feeder, has_feeder, open_feeder
from cardservice.transport.feeders_hand import HandFeeder, SeenFeeder
from cardservice.transport.feeders_presence import PcscPresence

PCSC: Final = "pcsc"


class _Move(Enum):
    """What the feeder is at."""

    FETCH = auto()
    GOOD = auto()
    ERROR = auto()


_MOVES: Final = {Bin.GOOD: _Move.GOOD, Bin.ERROR: _Move.ERROR}


class Feeding:
    """One feeder, its moves one after the other; a move that was begun comes to its end."""

    def __init__(self, feeder: Feeder) -> None:
        self._feeder = feeder
        self._moves: dict[_Move, Callable[[], bool | None]] = {
            _Move.FETCH: feeder.get_card,
            _Move.GOOD: feeder.done,
            _Move.ERROR: feeder.error_bin,
        }
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="feeder")
        self._pending: tuple[_Move, Future[bool | None]] | None = None

    def fetch(self, within_s: float) -> bool | None:
        """Return whether a card lies in the reader (False: none is left); None: not yet.

        Raises:
            FeederError, LinkError: as the feeder.
        """
        return self._ask(_Move.FETCH, within_s)

    def let_go(self, bin_: Bin, within_s: float) -> bool:
        """Return whether the card is out of the reader by now; raises as ``fetch``."""
        if bin_ is Bin.STAY:
            return True
        return self._ask(_MOVES[bin_], within_s) is not None

    def close(self) -> None:
        """Let go of the feeder; what it is at may be left undone."""
        self._feeder.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _ask(self, move: _Move, within_s: float) -> bool | None:
        """Return what the move came to, None while it, or one before it, is not at its end."""
        if self._pending is not None and self._pending[0] is not move:
            self._outcome(self._pending[1], within_s)
            if self._pending is not None:
                return None
        if self._pending is None:
            self._pending = move, self._pool.submit(self._moves[move])
        return self._outcome(self._pending[1], within_s)

    def _outcome(self, future: Future[bool | None], within_s: float) -> bool | None:
        wait([future], within_s)
        if not future.done():
            return None
        self._pending = None
        return future.result() is not False


def feeder_of(reader: str, feeder: str) -> Feeder:
    """Return the feeder of a lane with these URLs.

    Raises:
        UsageError: no such feeder; FeederError, ReaderUnavailableError: it cannot be had.
    """
    scheme, _, name = reader.partition(":")
    if not feeder and has_feeder(reader):
        return open_feeder(reader)
    if scheme != PCSC:
        return open_feeder(feeder) if feeder else EveryTimeAnother()
    presence = PcscPresence(name)
    return SeenFeeder(open_feeder(feeder), presence) if feeder else HandFeeder(presence)
