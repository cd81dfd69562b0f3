"""Names for objects that no shape expects: universal DER types, or simply unknown."""

from typing import Final

from simulators.cardmap import reading
from simulators.cardmap.shapes import Shape
from simulators.cardmap.spans import Privacy
from simulators.cardmap.words import Name

_UNIVERSAL: Final = {
    0x01: Shape(name=Name.BOOLEAN, read=reading.boolean),
    0x02: Shape(name=Name.INTEGER, read=reading.number),
    0x03: Shape(name=Name.BIT_STRING),
    0x04: Shape(name=Name.OCTET_STRING),
    0x05: Shape(name=Name.NULL),
    0x06: Shape(name=Name.OBJECT_IDENTIFIER, read=reading.oid),
    0x0C: Shape(name=Name.UTF8_STRING, read=reading.text),
    0x13: Shape(name=Name.PRINTABLE_STRING, read=reading.text),
    0x16: Shape(name=Name.IA5_STRING, read=reading.text),
    0x17: Shape(name=Name.UTC_TIME, read=reading.moment),
    0x18: Shape(name=Name.GENERALIZED_TIME, read=reading.moment),
    0x30: Shape(name=Name.SEQUENCE),
    0x31: Shape(name=Name.SET),
}
_UNKNOWN: Final = Shape(name=Name.UNKNOWN, privacy=Privacy.PERSONAL)
_CONTEXT: Final = {
    0x80 + number: Shape(name=Name.CONTEXT_SPECIFIC) for number in (*range(16), *range(32, 48))
}
_KNOWN_IN_DER: Final = _UNIVERSAL | _CONTEXT


def generic_shape(tag: int, *, der: bool) -> Shape:
    """Return a shape for the tag; in DER universal and context tags have names of their own."""
    return _KNOWN_IN_DER.get(tag, _UNKNOWN) if der else _UNKNOWN
