"""Whether a JPEG 2000 holds its picture and nothing else, so that it may go onto a card as it is.

Boxes of text, positions or profiles would travel with the photo to every desk. A file with any
of them is no error: it is decoded and written anew.

Source: ISO/IEC 15444-1, annexes A (codestream) and I (JP2 boxes).
"""

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import Final

from cardservice.errors import MalformedDataError

_JP2: Final = bytes.fromhex("0000000C6A5020200D0A870A")
_AROUND: Final = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c"})
_IN_HEADER: Final = frozenset({b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef", b"res "})
_ENUMERATED: Final = 1  # METH of a colr box (I.5.3.3): 2 and above carry a profile
_BOX_HEAD: Final = 8
_LONG_BOX_HEAD: Final = 16
_SOT_LENGTH: Final = 10  # Lsot (A.4.2)
# Encoders leave their name in a comment; anything else in a comment is somebody's text.
_ENCODERS: Final = re.compile(rb"(?:Created by OpenJPEG version |Kakadu-v?)[0-9][0-9.]{0,15}\0?")


class Marker(IntEnum):
    """Markers that the walk over a codestream knows (table A.2)."""

    SOC = 0xFF4F
    COM = 0xFF64
    SOT = 0xFF90
    SOD = 0xFF93
    EOC = 0xFFD9


def is_nothing_but_a_picture(octets: bytes) -> bool:
    """Return whether ``octets`` is a codestream, or a JP2 file around one, without any extras."""
    try:
        return _is_plain_file(octets) if octets.startswith(_JP2) else _is_plain_stream(octets)
    except MalformedDataError:
        return False


def _is_plain_file(octets: bytes) -> bool:
    boxes = list(_boxes(octets))
    streams = [body for kind, body in boxes if kind == b"jp2c"]
    headers = [body for kind, body in boxes if kind == b"jp2h"]
    if not {kind for kind, _ in boxes} <= _AROUND or len(boxes) != len(_AROUND):
        return False
    if len(streams) != 1 or len(headers) != 1:
        return False
    return _is_plain_header(headers[0]) and _is_plain_stream(streams[0])


def _is_plain_header(body: bytes) -> bool:
    return all(
        kind in _IN_HEADER and (kind != b"colr" or inner[:1] == bytes((_ENUMERATED,)))
        for kind, inner in _boxes(body)
    )


def _boxes(octets: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    while position < len(octets):
        length = int.from_bytes(octets[position : position + 4])
        kind = octets[position + 4 : position + _BOX_HEAD]
        head = _BOX_HEAD
        if length == 1:  # the length stands in eight octets more
            head = _LONG_BOX_HEAD
            length = int.from_bytes(octets[position + _BOX_HEAD : position + head])
        elif length == 0:  # up to the end of the file
            length = len(octets) - position
        end = position + length
        if length < head or end > len(octets):
            raise MalformedDataError("a box is longer than the file")
        yield kind, octets[position + head : end]
        position = end


def _is_plain_stream(octets: bytes) -> bool:
    if _marker(octets, 0) != Marker.SOC:
        return False
    position = 2
    while _marker(octets, position) != Marker.SOT:
        if _is_text(octets, position, by_encoder=True):
            return False
        position = _after_segment(octets, position)
    while _marker(octets, position) == Marker.SOT:
        if _tile_part_has_text(octets, position):
            return False
        position = _after_tile_part(octets, position)
    return _marker(octets, position) == Marker.EOC and position + 2 == len(octets)


def _is_text(octets: bytes, position: int, *, by_encoder: bool = False) -> bool:
    if _marker(octets, position) != Marker.COM:
        return False
    words = octets[position + 6 : _after_segment(octets, position)]
    return not (by_encoder and _ENCODERS.fullmatch(words))


def _tile_part_has_text(octets: bytes, position: int) -> bool:
    position = _after_segment(octets, position)
    while _marker(octets, position) != Marker.SOD:
        if _is_text(octets, position):
            return True
        position = _after_segment(octets, position)
    return False


def _after_tile_part(octets: bytes, position: int) -> int:
    length = int.from_bytes(octets[position + 6 : position + 10])  # Psot
    if length == 0:  # the last one: up to the end marker
        return len(octets) - 2
    if length < _SOT_LENGTH + 4 or position + length > len(octets):
        raise MalformedDataError("a tile-part is longer than the picture")
    return position + length


def _marker(octets: bytes, position: int) -> int:
    found = octets[position : position + 2]
    if len(found) != 2 or found[0] != 0xFF:
        raise MalformedDataError("a marker is missing")
    return int.from_bytes(found)


def _after_segment(octets: bytes, position: int) -> int:
    length = int.from_bytes(octets[position + 2 : position + 4])
    if length < 2 or position + 2 + length > len(octets):
        raise MalformedDataError("a segment is longer than the picture")
    return position + 2 + length
