"""A journal that lasts as long as its process: for stations without a disk, and for tests."""

from collections.abc import Callable, Iterable
from datetime import datetime

from cardservice.personalization.journal import Entry, Kept


class MemoryJournal:
    """Entries in a list; what a crash leaves of it is nothing."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """``clock`` gives aware times."""
        self._clock = clock
        self._kept: list[Kept] = []

    def append(self, entry: Entry) -> Kept:
        """Return the entry as kept."""
        kept = Kept(len(self._kept) + 1, self._clock(), entry)
        self._kept.append(kept)
        return kept

    def entries(self) -> Iterable[Kept]:
        """Return everything kept, oldest first."""
        return tuple(self._kept)
