"""BER-TLV objects with their places in the octets around them."""

from typing import NamedTuple

from simulators.card.tlv import MalformedObjectError, parse_objects

_CONSTRUCTED = 0x20


class PlacedObject(NamedTuple):
    """One object: its tag, where its encoding starts, and where its value starts and ends."""

    tag: int
    start: int
    value_start: int
    end: int

    @property
    def length(self) -> int:
        """Octets of the value."""
        return self.end - self.value_start


def placed_objects(octets: bytes, start: int = 0, end: int | None = None) -> list[PlacedObject]:
    """Return the objects that fill ``octets[start:end]`` exactly, none when they do not."""
    field = octets[start:end]
    try:
        objects = parse_objects(field)
    except MalformedObjectError:
        return []
    placed, position = [], start
    for one in objects:
        while octets[position] == 0:  # octets 00 between objects are skipped by the parser too
            position += 1
        after = position + len(one.encoded)
        placed.append(PlacedObject(one.tag, position, after - len(one.value), after))
        position = after
    return placed


def is_constructed(tag: int) -> bool:
    """Return whether the tag says that its value is made of objects."""
    first = tag >> (8 * ((tag.bit_length() - 1) // 8)) if tag else 0
    return bool(first & _CONSTRUCTED)
