"""BER-TLV data objects (ISO/IEC 7816-4:2013, 5.2.2): bounded, total, lossless.

Objects are found by walking the structure. Nothing here searches for tag octets: the same
octets occur inside values.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from cardservice.apdu.tags import Tag, is_constructed
from cardservice.errors import MalformedDataError, UsageError

__all__ = [
    "DataObject",
    "Entry",
    "Node",
    "Tag",
    "encode_object",
    "find",
    "header_at",
    "only",
    "parse_objects",
    "parse_tag_list",
    "parse_tree",
    "scan",
    "scan_start",
]

MAX_TAG_LEN: Final = 4  # 7816-4 knows three octets, cards in the field show four
MAX_LENGTH_OCTETS: Final = 3  # 83 hh hh ll: 16 MiB, far above any card
MAX_SIZE: Final = 0xFF_FFFF
MAX_DEPTH: Final = 8  # the deepest object here, an EC key in a certificate, is at 5
_LONG_TAG: Final = 0x1F
_LONG_FORM: Final = 0x80

Entry = tuple[int, int, int, int]
"""Tag, offset of the header, offset of the value, offset of the end."""


@dataclass(frozen=True, slots=True)
class DataObject:
    """One data object; ``tag`` keeps its coding, so 0x7F49 is two octets."""

    tag: int
    value: bytes = field(repr=False)

    def encode(self) -> bytes:
        """Return tag, minimal length, value."""
        return encode_object(self.tag, self.value)


@dataclass(frozen=True, slots=True)
class Node:
    """One data object with the objects inside it (none when it is primitive)."""

    tag: int
    value: bytes = field(repr=False)
    children: tuple["Node", ...] = ()


def encode_object(tag: int, value: bytes) -> bytes:
    """Return tag, minimal length, value.

    Raises:
        UsageError: a value of more than 16,777,215 octets.
    """
    size = len(value)
    head = tag.to_bytes((tag.bit_length() + 7) // 8 or 1)
    if size < _LONG_FORM:
        return head + bytes((size,)) + value
    if size > MAX_SIZE:
        raise UsageError(f"an object of {size} octets cannot be coded")
    octets = size.to_bytes((size.bit_length() + 7) // 8)
    return head + bytes((_LONG_FORM | len(octets),)) + octets + value


def scan(
    data: bytes,
    start: int = 0,
    end: int | None = None,
    *,
    strict: bool = False,
    padding: bool = False,
) -> list[Entry]:
    """Return where the objects lie that fill ``data[start:end]`` exactly, one level deep.

    Nothing is copied: this is the fast path, a few hundred nanoseconds an object.

    Args:
        data: the octets; offsets in the result count from its first one.
        start: offset of the first object.
        end: offset after the last object; the end of ``data`` when absent.
        strict: refuse non-minimal lengths and tag numbers (DER). Cards and certificates in the
            field have them under good signatures: hash the received octets, never a re-encoding.
        padding: skip octets 00 before, between and after objects; otherwise 00 is no tag.

    Raises:
        MalformedDataError: truncated, indefinite or over-long (more than 4 tag or 3 length
            octets) coding, with the octet offset. Never IndexError.
    """
    limit = len(data) if end is None else min(end, len(data))
    found: list[Entry] = []
    position = start
    try:
        while position < limit:
            header = position
            tag = data[position]
            position += 1
            if tag & _LONG_TAG == _LONG_TAG:
                # Two octets, the usual case, are read here: a call would double the time.
                if (second := data[position]) < _LONG_FORM:
                    tag = tag << 8 | second
                    position += 1
                else:
                    tag, position = _long_tag(data, header, strict=strict)
            elif not tag:
                if padding:
                    continue
                raise MalformedDataError(f"no tag at {header}")
            size = data[position]
            position += 1
            if size >= _LONG_FORM:
                size, position = _long_length(data, position, strict=strict)
            header_end, position = position, position + size
            if position > limit:
                raise MalformedDataError(f"object {tag:X} at {header} runs past the end")
            found.append((tag, header, header_end, position))
    except IndexError:
        raise MalformedDataError(f"header of an object is cut off at {len(data)}") from None
    return found


def header_at(data: bytes, offset: int = 0) -> Entry | None:
    """Return the object whose header lies at ``offset``; its end may lie past ``data``.

    Returns:
        None when ``data`` ends inside the header.

    Raises:
        MalformedDataError: no tag, or an indefinite or over-long coding.
    """
    try:
        tag = data[offset]
        if not tag:
            raise MalformedDataError(f"no tag at {offset}")
        position = offset + 1
        if tag & _LONG_TAG == _LONG_TAG:
            tag, position = _long_tag(data, offset, strict=False)
        size = data[position]
        position += 1
        if size >= _LONG_FORM:
            size, position = _long_length(data, position, strict=False)
    except IndexError:
        return None
    return tag, offset, position, position + size


def scan_start(data: bytes, start: int, end: int) -> list[Entry]:
    """Return the objects of a file of which only the first octets are at hand.

    Args:
        data: the octets read so far.
        start: offset of the first object.
        end: offset at which the objects must end, possibly past ``data``.

    Returns:
        The objects whose header is at hand whole; the value of the last one may not be.

    Raises:
        MalformedDataError: bad coding, or an object that runs past ``end``.
    """
    found: list[Entry] = []
    position = start
    while position < min(end, len(data)):
        entry = header_at(data, position)
        if entry is None:
            return found
        position = entry[3]
        if position > end:
            raise MalformedDataError(f"object {entry[0]:X} at {entry[1]} runs past the end")
        found.append(entry)
    return found


def parse_objects(
    data: bytes, *, strict: bool = False, padding: bool = False
) -> Iterator[DataObject]:
    """Yield the objects that fill ``data`` exactly; arguments and errors as for ``scan``."""
    for tag, _, start, end in scan(data, strict=strict, padding=padding):
        yield DataObject(tag, data[start:end])


def parse_tree(
    data: bytes, *, strict: bool = False, padding: bool = False, max_depth: int = MAX_DEPTH
) -> tuple[Node, ...]:
    """Return the objects that fill ``data``, constructed ones with their children.

    Raises:
        MalformedDataError: as for ``scan``, and when objects nest deeper than ``max_depth``.
    """
    if max_depth < 1:
        raise MalformedDataError("objects nest too deep")
    return tuple(
        Node(
            one.tag,
            one.value,
            parse_tree(one.value, strict=strict, padding=padding, max_depth=max_depth - 1)
            if one.value and is_constructed(one.tag)
            else (),
        )
        for one in parse_objects(data, strict=strict, padding=padding)
    )


def find(data: bytes, *path: int, strict: bool = False, padding: bool = False) -> bytes | None:
    """Return the value of the first object at ``path``, one tag a level; None if there is none.

    Raises:
        MalformedDataError: as for ``scan``, for the levels that were walked.
    """
    for wanted in path:
        for tag, _, start, end in scan(data, strict=strict, padding=padding):
            if tag == wanted:
                data = data[start:end]
                break
        else:
            return None
    return data


def only(data: bytes, tag: int, *, strict: bool = False) -> bytes:
    """Return the value of the one object that ``data`` consists of.

    Raises:
        MalformedDataError: another tag, another number of objects, or bad coding.
    """
    entries = scan(data, strict=strict)
    if len(entries) != 1 or entries[0][0] != tag:
        raise MalformedDataError(f"expected exactly one object {tag:X}")
    return data[entries[0][2] : entries[0][3]]


def parse_tag_list(data: bytes) -> tuple[int, ...]:
    """Return the tags of which ``data`` is a list (7816-4, 8.4.3).

    Raises:
        MalformedDataError: the last tag is cut off, or a tag has more than 4 octets.
    """
    tags: list[int] = []
    position = 0
    try:
        while position < len(data):
            tag, after = data[position], position + 1
            if tag & _LONG_TAG == _LONG_TAG:
                tag, after = _long_tag(data, position, strict=False)
            tags.append(tag)
            position = after
    except IndexError:
        raise MalformedDataError("the last tag is cut off") from None
    return tuple(tags)


def _long_tag(data: bytes, offset: int, *, strict: bool) -> tuple[int, int]:
    end = offset + 1
    while data[end] >= _LONG_FORM:
        end += 1
        if end - offset >= MAX_TAG_LEN:
            raise MalformedDataError(f"tag at {offset} has too many octets")
    end += 1
    if strict and data[offset + 1] == _LONG_FORM:
        raise MalformedDataError(f"tag number at {offset} is not minimal")
    return int.from_bytes(data[offset:end]), end


def _long_length(data: bytes, offset: int, *, strict: bool) -> tuple[int, int]:
    count = data[offset - 1] & ~_LONG_FORM
    if not 1 <= count <= MAX_LENGTH_OCTETS:
        raise MalformedDataError(f"length at {offset - 1} is indefinite or too long")
    end = offset + count
    if end > len(data):
        raise IndexError
    size = int.from_bytes(data[offset:end])
    if strict and size < max(_LONG_FORM, 1 << 8 * (count - 1)):
        raise MalformedDataError(f"length at {offset - 1} is not minimal")
    return size, end
