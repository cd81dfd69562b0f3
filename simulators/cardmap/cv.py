"""Shapes of a card-verifiable certificate. Source: TR-03110-3 C.1, C.4 and D.2; standards.md §7."""

from typing import Final

from simulators.cardmap import reading
from simulators.cardmap.shapes import Piece, Shape
from simulators.cardmap.words import Name

_COORDINATE = 32
_POINT_PIECES: Final = (
    Piece(Name.POINT_FORM, 1),
    Piece(Name.POINT_X, _COORDINATE),
    Piece(Name.POINT_Y, _COORDINATE),
)

_PUBLIC_KEY = Shape(
    name=Name.CV_PUBLIC_KEY,
    tag=0x7F49,
    clause="TR-03110-3 D.3.3",
    parts=(
        Shape(name=Name.ALGORITHM, tag=0x06, read=reading.oid),
        Shape(name=Name.CURVE_PRIME, tag=0x81),
        Shape(name=Name.CURVE_A, tag=0x82),
        Shape(name=Name.CURVE_B, tag=0x83),
        Shape(name=Name.CURVE_BASE, tag=0x84, pieces=_POINT_PIECES, read=reading.point),
        Shape(name=Name.CURVE_ORDER, tag=0x85),
        Shape(name=Name.PUBLIC_POINT, tag=0x86, pieces=_POINT_PIECES, read=reading.point),
        Shape(name=Name.CURVE_COFACTOR, tag=0x87, read=reading.number),
    ),
)

_CHAT = Shape(
    name=Name.CHAT,
    tag=0x7F4C,
    clause="TR-03110-3 C.1.5",
    parts=(
        Shape(name=Name.CHAT_ROLE, tag=0x06, read=reading.oid),
        Shape(name=Name.CHAT_RIGHTS, tag=0x53, read=reading.chat_rights),
    ),
)

_BODY = Shape(
    name=Name.CV_BODY,
    tag=0x7F4E,
    clause="TR-03110-3 C.1",
    parts=(
        Shape(name=Name.CV_PROFILE, tag=0x5F29, read=reading.number),
        Shape(name=Name.CAR, tag=0x42, read=reading.text),
        _PUBLIC_KEY,
        Shape(name=Name.CHR, tag=0x5F20, read=reading.text),
        _CHAT,
        Shape(name=Name.EFFECTIVE_DATE, tag=0x5F25, read=reading.cv_date),
        Shape(name=Name.CV_EXPIRY_DATE, tag=0x5F24, read=reading.cv_date),
        Shape(name=Name.EXTENSIONS, tag=0x65),
    ),
)

_SIGNATURE = Shape(
    name=Name.SIGNATURE,
    tag=0x5F37,
    clause="TR-03110-3 C.1.12",
    pieces=(Piece(Name.SIGNATURE_R, _COORDINATE), Piece(Name.SIGNATURE_S, _COORDINATE)),
    read=reading.ecdsa,
)

CV_CERTIFICATE: Final = Shape(
    name=Name.CV_CERTIFICATE, tag=0x7F21, clause="TR-03110-3 C.1", parts=(_BODY, _SIGNATURE)
)
