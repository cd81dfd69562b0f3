"""Which blank cards a station was handed, by ranges of chip serials."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from cardservice.personalization.journal import BlanksEntry, BlanksReceived

SerialRange = tuple[int, int]
"""Chip serials as numbers, first and last included."""


class SerialRanges:
    """A set of chip serials, kept as ranges that neither touch nor overlap, lowest first."""

    def __init__(self) -> None:
        """Begin with none."""
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        self._size = 0

    def __iter__(self) -> Iterator[SerialRange]:
        return iter(zip(self._firsts, self._lasts, strict=True))

    @property
    def size(self) -> int:
        """How many serials are in it."""
        return self._size

    def covers(self, serial: int) -> bool:
        """Say whether it has this serial."""
        return self.covers_all(serial, serial)

    def covers_all(self, first: int, last: int) -> bool:
        """Say whether it has every serial from ``first`` to ``last``."""
        at = bisect_right(self._firsts, first) - 1
        return at >= 0 and last <= self._lasts[at]

    def covers_any(self, first: int, last: int) -> bool:
        """Say whether it has one of the serials from ``first`` to ``last``."""
        at = bisect_left(self._lasts, first)
        return at < len(self._firsts) and self._firsts[at] <= last

    def add(self, first: int, last: int) -> None:
        """Take these serials in, those that it has already too."""
        begin = bisect_left(self._lasts, first - 1)  # a range that ends just before is joined
        end = bisect_right(self._firsts, last + 1)
        joined = (first, last)
        if begin < end:
            joined = min(first, self._firsts[begin]), max(last, self._lasts[end - 1])
        self._replace(begin, end, [joined])

    def discard(self, first: int, last: int) -> None:
        """Let these serials go, as far as it has them."""
        begin, end = bisect_left(self._lasts, first), bisect_right(self._firsts, last)
        if begin >= end:
            return
        left = (self._firsts[begin], first - 1)
        right = (last + 1, self._lasts[end - 1])
        self._replace(begin, end, [part for part in (left, right) if part[0] <= part[1]])

    def _replace(self, begin: int, end: int, parts: list[SerialRange]) -> None:
        gone = zip(self._firsts[begin:end], self._lasts[begin:end], strict=True)
        self._size += sum(map(_length, parts)) - sum(map(_length, gone))
        self._firsts[begin:end] = [first for first, _ in parts]
        self._lasts[begin:end] = [last for _, last in parts]


@dataclass(slots=True)
class Blanks:
    """The sum of a journal's entries about blanks.

    Attributes:
        held: received and not given back.
        gone: given back, and not received again.
        received, returned: how many, since the journal began.
    """

    held: SerialRanges = field(default_factory=SerialRanges)
    gone: SerialRanges = field(default_factory=SerialRanges)
    received: int = 0
    returned: int = 0

    def apply(self, entry: BlanksEntry) -> None:
        """Take one more entry in; whether it may follow is asked in ``blanks.stock_after``."""
        count = _length((entry.first, entry.last))
        came = isinstance(entry, BlanksReceived)
        to, away = (self.held, self.gone) if came else (self.gone, self.held)
        to.add(entry.first, entry.last)
        away.discard(entry.first, entry.last)
        if came:
            self.received += count
        else:
            self.returned += count

    @property
    def ranges(self) -> list[SerialRange]:
        """Received and not given back, lowest first; ranges that touch are one."""
        return list(self.held)

    @property
    def are_kept(self) -> bool:
        """Say whether anybody ever told this station which blanks it was handed."""
        return self.received > 0

    def covers(self, serial: int) -> bool:
        """Say whether the blank with that chip serial was handed to this station."""
        return self.held.covers(serial)


def _length(one: SerialRange) -> int:
    return one[1] - one[0] + 1
