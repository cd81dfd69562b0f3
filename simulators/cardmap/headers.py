"""Tag and length of an object, read without ever failing.

Source: ISO/IEC 7816-4:2013 5.2.2; standards.md §1 (tags to 4 octets, no indefinite length).
"""

from collections.abc import Iterator
from typing import NamedTuple

from simulators.cardmap.words import Reason

_NUMBER_BITS = 0x1F
_CONTINUES = 0x80
_CONSTRUCTED = 0x20
_TAG_OCTETS_MAX = 4
_LONG_FORM = 0x80
_LENGTH_OCTETS_MAX = 3


class Header(NamedTuple):
    """Where an object's tag, length and value are: [start, after_tag, begin, end)."""

    tag: int
    start: int
    after_tag: int
    begin: int
    end: int
    constructed: bool

    @property
    def is_minimal(self) -> bool:
        """Whether the length has as few octets as it can have."""
        length = self.end - self.begin
        needed = 1 if length < _LONG_FORM else 1 + (length.bit_length() + 7) // 8
        return self.begin - self.after_tag == needed


def read_header(octets: bytes, start: int, limit: int) -> Header | Reason:
    """Return the header of the object at ``start`` that must end by ``limit``, or what is wrong."""
    after_tag = _end_of_tag(octets, start, limit)
    if isinstance(after_tag, Reason):
        return after_tag
    length = _read_length(octets, after_tag, limit)
    if isinstance(length, Reason):
        return length
    count, begin = length
    if begin + count > limit:
        return Reason.TOO_LONG
    constructed = bool(octets[start] & _CONSTRUCTED)
    tag = int.from_bytes(octets[start:after_tag], "big")
    return Header(tag, start, after_tag, begin, begin + count, constructed)


def objects_of(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and value of the objects one after the other, up to the first that is none."""
    position = 0
    while position < len(octets):
        header = read_header(octets, position, len(octets))
        if isinstance(header, Reason):
            return
        yield header.tag, octets[header.begin : header.end]
        position = header.end


def _end_of_tag(octets: bytes, start: int, limit: int) -> int | Reason:
    end = start + 1
    if octets[start] & _NUMBER_BITS == _NUMBER_BITS:
        while end < limit and octets[end] & _CONTINUES:
            end += 1
        end += 1
    if end - start > _TAG_OCTETS_MAX:
        return Reason.TAG_LONG
    return end if end <= limit else Reason.TAG_CUT


def _read_length(octets: bytes, start: int, limit: int) -> tuple[int, int] | Reason:
    if start >= limit:
        return Reason.LENGTH_CUT
    first = octets[start]
    if first < _LONG_FORM:
        return first, start + 1
    count = first - _LONG_FORM
    end = start + 1 + count
    if not 1 <= count <= _LENGTH_OCTETS_MAX:
        return Reason.LENGTH_FORM
    if end > limit:
        return Reason.LENGTH_CUT
    return int.from_bytes(octets[start + 1 : end], "big"), end
