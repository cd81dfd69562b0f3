"""Shapes of an X.509 certificate. Source: RFC 5280 4.1 and 4.2.1; ICAO 9303-12 7.1.1."""

from dataclasses import replace
from typing import Final

from simulators.cardmap import reading
from simulators.cardmap.headers import objects_of
from simulators.cardmap.shapes import Piece, Reader, Shape
from simulators.cardmap.spans import Privacy
from simulators.cardmap.words import Name

SEQUENCE, SET, OID = 0x30, 0x31, 0x06
INTEGER, BIT_STRING, OCTET_STRING = 0x02, 0x03, 0x04
_BOOLEAN, _PRINTABLE = 0x01, 0x13
_UNUSED = Piece(Name.UNUSED_BITS, 1)
_COORDINATE = 32


def integer(name: Name, read: Reader = reading.number) -> Shape:
    """Return an INTEGER of that name."""
    return Shape(name=name, tag=INTEGER, read=read)


def identifier(name: Name) -> Shape:
    """Return an OBJECT IDENTIFIER of that name."""
    return Shape(name=name, tag=OID, read=reading.oid)


def signature(tag: int, *, lead: Piece | None = None, privacy: Privacy | None = None) -> Shape:
    """Return a signature that is opened when it is an Ecdsa-Sig-Value (an RSA one is not)."""
    closed = Shape(name=Name.SIGNATURE, tag=tag, lead=lead, privacy=privacy)
    opened = replace(closed, opens=True, parts=_ecdsa_numbers(), ordered=True)
    skipped = lead.octets if lead else 0

    def choose(value: bytes) -> Shape | None:
        objects = list(objects_of(value[skipped:]))
        return opened if [tag for tag, _ in objects] == [SEQUENCE] else None

    return replace(closed, choose=choose)


def _ecdsa_numbers() -> tuple[Shape, ...]:
    inner = (
        integer(Name.SIGNATURE_R, reading.hexadecimal),
        integer(Name.SIGNATURE_S, reading.hexadecimal),
    )
    return (
        Shape(
            name=Name.SIGNATURE_NUMBERS,
            tag=SEQUENCE,
            clause="RFC 3279 2.2.3",
            parts=inner,
            ordered=True,
        ),
    )


def algorithm(name: Name) -> Shape:
    """Return an AlgorithmIdentifier of that name."""
    return Shape(
        name=name,
        tag=SEQUENCE,
        clause="RFC 5280 4.1.1.2",
        read=reading.first_oid,
        parts=(
            identifier(Name.ALGORITHM),
            Shape(name=Name.PARAMETERS, tag=OID, read=reading.oid),
            Shape(name=Name.PARAMETERS),
        ),
        ordered=True,
    )


def distinguished_name(name: Name) -> Shape:
    """Return a Name under the name it has in its place."""
    attribute = Shape(
        name=Name.ATTRIBUTE,
        tag=SEQUENCE,
        parts=(
            identifier(Name.ATTRIBUTE_TYPE),
            Shape(name=Name.ATTRIBUTE_VALUE, read=reading.text),
        ),
        ordered=True,
    )
    relative = Shape(name=Name.RDN, tag=SET, each=attribute)
    clause = "RFC 5280 4.1.2.4"
    return Shape(name=name, tag=SEQUENCE, clause=clause, read=reading.x509_name, each=relative)


PUBLIC_KEY_INFO: Final = Shape(
    name=Name.PUBLIC_KEY_INFO,
    tag=SEQUENCE,
    clause="RFC 5480 2",
    parts=(
        algorithm(Name.ALGORITHM),
        Shape(
            name=Name.PUBLIC_KEY,
            tag=BIT_STRING,
            pieces=(
                _UNUSED,
                Piece(Name.POINT_FORM, 1),
                Piece(Name.POINT_X, _COORDINATE),
                Piece(Name.POINT_Y, _COORDINATE),
            ),
            read=reading.bit_string_point,
        ),
    ),
    ordered=True,
)

_VALIDITY = Shape(
    name=Name.VALIDITY,
    tag=SEQUENCE,
    clause="RFC 5280 4.1.2.5",
    parts=(
        Shape(name=Name.NOT_BEFORE, read=reading.moment),
        Shape(name=Name.NOT_AFTER, read=reading.moment),
    ),
    ordered=True,
)


def _extension_content(name: Name, clause: str, *parts: Shape, tag: int = SEQUENCE) -> Shape:
    return Shape(name=name, tag=tag, clause=clause, parts=parts, ordered=True)


_CONTENTS: Final = {
    "2.5.29.14": Shape(
        name=Name.SUBJECT_KEY_IDENTIFIER, tag=OCTET_STRING, clause="RFC 5280 4.2.1.2"
    ),
    "2.5.29.15": Shape(
        name=Name.KEY_USAGE,
        tag=BIT_STRING,
        clause="RFC 5280 4.2.1.3",
        pieces=(_UNUSED, Piece(Name.KEY_USAGE_BITS, 0)),
    ),
    "2.5.29.16": _extension_content(
        Name.PRIVATE_KEY_USAGE_PERIOD,
        "ICAO 9303-12 7.1.1",
        Shape(name=Name.NOT_BEFORE, tag=0x80, read=reading.moment),
        Shape(name=Name.NOT_AFTER, tag=0x81, read=reading.moment),
    ),
    "2.5.29.19": _extension_content(
        Name.BASIC_CONSTRAINTS,
        "RFC 5280 4.2.1.9",
        Shape(name=Name.IS_AUTHORITY, tag=_BOOLEAN, read=reading.boolean),
        integer(Name.PATH_LENGTH),
    ),
    "2.5.29.35": _extension_content(
        Name.AUTHORITY_KEY_IDENTIFIER,
        "RFC 5280 4.2.1.1",
        Shape(name=Name.KEY_IDENTIFIER, tag=0x80),
    ),
    "2.23.136.1.1.6.2": _extension_content(
        Name.DOCUMENT_TYPE_LIST,
        "ICAO 9303-12 7.1.1.6",
        integer(Name.VERSION),
        Shape(
            name=Name.DOCUMENT_TYPES,
            tag=SET,
            each=Shape(name=Name.DOCUMENT_TYPE, tag=_PRINTABLE, read=reading.text),
        ),
    ),
}

_EXTENSION = Shape(
    name=Name.EXTENSION,
    tag=SEQUENCE,
    clause="RFC 5280 4.2",
    read=reading.first_oid,
    parts=(
        identifier(Name.EXTENSION_ID),
        Shape(name=Name.CRITICAL, tag=_BOOLEAN, read=reading.boolean),
        Shape(name=Name.EXTENSION_VALUE, tag=OCTET_STRING),
    ),
    ordered=True,
)


def _opened(content: Shape) -> Shape:
    value = replace(_EXTENSION.parts[-1], opens=True, parts=(content,), ordered=True)
    return replace(_EXTENSION, parts=(*_EXTENSION.parts[:-1], value))


_EXTENSIONS: Final = {oid: _opened(content) for oid, content in _CONTENTS.items()}


def _extension_of(value: bytes) -> Shape | None:
    return _EXTENSIONS.get(reading.oid_in(value) or "")


TBS_CERTIFICATE: Final = Shape(
    name=Name.TBS_CERTIFICATE,
    tag=SEQUENCE,
    clause="RFC 5280 4.1.2",
    parts=(
        Shape(name=Name.EXPLICIT_VERSION, tag=0xA0, parts=(integer(Name.VERSION),)),
        integer(Name.SERIAL_NUMBER, reading.hexadecimal),
        algorithm(Name.SIGNATURE_ALGORITHM),
        distinguished_name(Name.ISSUER),
        _VALIDITY,
        distinguished_name(Name.SUBJECT),
        PUBLIC_KEY_INFO,
        Shape(
            name=Name.EXPLICIT_EXTENSIONS,
            tag=0xA3,
            parts=(
                Shape(
                    name=Name.EXTENSIONS,
                    tag=SEQUENCE,
                    each=replace(_EXTENSION, choose=_extension_of),
                ),
            ),
        ),
    ),
    ordered=True,
)

CERTIFICATE: Final = Shape(
    name=Name.CERTIFICATE,
    tag=SEQUENCE,
    clause="RFC 5280 4.1.1",
    parts=(
        TBS_CERTIFICATE,
        algorithm(Name.SIGNATURE_ALGORITHM),
        signature(BIT_STRING, lead=_UNUSED),
    ),
    ordered=True,
    der=True,
)
