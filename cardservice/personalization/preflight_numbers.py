"""Policy numbers that a batch has had, in little memory, and none of them to be read there."""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from cardservice.personalization.preflight import Candidate, Fault

_FIRST_PLACES: Final = 1 << 10
_FULL: Final = 2 / 3  # of the places; beyond it searches grow long
_KEY_OCTETS: Final = 16
_MARK_OCTETS: Final = 8
"""Of 1,000,000 numbers two different ones have one mark in 1 of 37 million batches."""


class SeenNumbers:
    """From each policy number to the row that had it first; 12 octets a place.

    Args:
        entropy: unpredictable octets: marks are keyed, so that a core file shows no number.
    """

    def __init__(self, entropy: Callable[[int], bytes]) -> None:
        self._key = entropy(_KEY_OCTETS)
        self._held = 0
        self._make_room(_FIRST_PLACES)

    def first_row(self, enp: str, row: int) -> int:
        """Return the row that had this number first; ``row`` itself if none did.

        Args:
            enp: the policy number.
            row: 1 to 2^32 - 1.
        """
        digest = blake2b(enp.encode(), key=self._key, digest_size=_MARK_OCTETS).digest()
        mark = int.from_bytes(digest)
        place = self._place_of(mark)
        if self._rows[place]:
            return self._rows[place]
        self._marks[place], self._rows[place] = mark, row
        self._held += 1
        if self._held > len(self._rows) * _FULL:
            self._grow()
        return row

    def _place_of(self, mark: int) -> int:
        """Return where the mark stands, or the free place where it belongs."""
        last = len(self._rows) - 1
        place = mark & last
        while self._rows[place] and self._marks[place] != mark:
            place = (place + 1) & last
        return place

    def _make_room(self, places: int) -> None:
        self._marks, self._rows = array("Q", bytes(8 * places)), array("I", bytes(4 * places))

    def _grow(self) -> None:
        marks, rows = self._marks, self._rows
        self._make_room(2 * len(rows))
        for mark, row in zip(marks, rows, strict=True):
            if row:
                place = self._place_of(mark)
                self._marks[place], self._rows[place] = mark, row


def refuse_repeated(candidates: Iterable[Candidate], seen: SeenNumbers) -> Iterator[Candidate]:
    """Yield the candidates, those refused whose policy number an earlier order of the batch has."""
    for one in candidates:
        first = one.row if one.order is None else seen.first_row(one.order.holder.enp, one.row)
        if first == one.row:
            yield one
        else:
            yield replace(one, order=None, faults=(*one.faults, _repeated(first)))


def _repeated(first: int) -> Fault:
    return Fault("duplicate-enp", f"The policy number stands in row {first} already.", "enp")
