"""BER-TLV as the card reads and writes it.

Source: ISO/IEC 7816-4:2013 5.2.2 (no indefinite length; ``00`` between objects is skipped);
vectors ``ber_tlv.json``.
"""

from typing import NamedTuple

_MORE_TAG_OCTETS = 0x1F
_TAG_CONTINUES = 0x80
_TAG_OCTETS_MAX = 4
_LONG_LENGTH = 0x80
_LENGTH_OCTETS_MAX = 3


class MalformedObjectError(Exception):
    """The octets are no sequence of BER-TLV objects."""


class DataObject(NamedTuple):
    """One object: its tag as a number (``7F49`` is 0x7F49), its value, and its received octets."""

    tag: int
    value: bytes
    encoded: bytes


def parse_objects(octets: bytes) -> list[DataObject]:
    """Return the objects that fill the octets exactly.

    Raises:
        MalformedObjectError: truncated, indefinite or reserved length, tag above 4 octets.
    """
    objects = []
    position = 0
    while position < len(octets):
        if octets[position] == 0:
            position += 1
            continue
        parsed = _parse_one(octets, position)
        objects.append(parsed)
        position += len(parsed.encoded)
    return objects


def only_object(octets: bytes, tag: int) -> bytes:
    """Return the value of the one object that fills the octets.

    Raises:
        MalformedObjectError: there is another tag, another number of objects, or no TLV.
    """
    objects = parse_objects(octets)
    if [one.tag for one in objects] != [tag]:
        raise MalformedObjectError
    return objects[0].value


def encode_object(tag: int, value: bytes) -> bytes:
    """Return tag, minimal length and value."""
    tag_octets = tag.to_bytes((tag.bit_length() + 7) // 8, "big")
    return tag_octets + _encode_length(len(value)) + value


def _encode_length(length: int) -> bytes:
    if length < _LONG_LENGTH:
        return bytes((length,))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((_LONG_LENGTH | len(octets),)) + octets


def _parse_one(octets: bytes, start: int) -> DataObject:
    after_tag = _end_of_tag(octets, start)
    length, begin = _parse_length(octets, after_tag)
    end = begin + length
    if end > len(octets):
        raise MalformedObjectError
    tag = int.from_bytes(octets[start:after_tag], "big")
    return DataObject(tag, octets[begin:end], octets[start:end])


def _end_of_tag(octets: bytes, start: int) -> int:
    end = start + 1
    if octets[start] & _MORE_TAG_OCTETS == _MORE_TAG_OCTETS:
        while end < len(octets) and octets[end] & _TAG_CONTINUES:
            end += 1
        end += 1
    if end > len(octets) or end - start > _TAG_OCTETS_MAX:
        raise MalformedObjectError
    return end


def _parse_length(octets: bytes, start: int) -> tuple[int, int]:
    if start >= len(octets):
        raise MalformedObjectError
    first = octets[start]
    if first < _LONG_LENGTH:
        return first, start + 1
    count = first - _LONG_LENGTH
    end = start + 1 + count
    if not 1 <= count <= _LENGTH_OCTETS_MAX or end > len(octets):
        raise MalformedObjectError
    return int.from_bytes(octets[start + 1 : end], "big"), end
