"""A made-up photo: a baseline JPEG of two greys, a head and shoulders drawn in blocks of 8 x 8.

Source: ITU-T T.81, B.2 (markers), F.1.2.1 (coding of DC coefficients).
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

COLUMNS, ROWS = 30, 40
"""240 x 320 pixels, 3 : 4 as photos in documents are."""

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_DQT, _SOF0, _DHT, _SOS, _COM = 0xDB, 0xC0, 0xC4, 0xDA, 0xFE
_BLOCK: Final = 8
_STEP: Final = 8  # every quantization step, so that one unit of DC is one level of grey
_CATEGORY: Final = 6  # of the differences that are used here, 32 to 63
_DARKER: Final = 40  # levels of grey between background and person
_CODES: Final = {0: "0", _CATEGORY: "10"}
_END_OF_BLOCK: Final = "0"
_OCTET: Final = 8
_NOTE: Final = b"A made-up person. "
_OVERHEAD: Final = 4  # octets of a marker and its length

_HEAD_CENTRE, _HEAD_RADII = (14.5, 15.0), (7.0, 9.5)
_BODY_CENTRE, _BODY_RADII = (14.5, 41.0), (14.0, 14.0)


@cache
def made_up_photo(octets: int = 12_000) -> bytes:
    """Return a photo that long; real ones of this size have 8 to 20 thousand octets.

    Raises:
        ValueError: the picture alone is longer.
    """
    rest = b"".join((_tables(), _segment(_SOS, bytes.fromhex("0101 00 00 3F 00")), _scan(), _EOI))
    room = octets - len(_SOI) - len(rest) - _OVERHEAD
    if room < 0:
        raise ValueError("the picture alone is longer")
    return _SOI + _segment(_COM, (_NOTE * room)[:room]) + rest


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


def _tables() -> bytes:
    size = (ROWS * _BLOCK).to_bytes(2, "big") + (COLUMNS * _BLOCK).to_bytes(2, "big")
    lengths = bytes((1, 1)) + bytes(14)  # one code of one bit, one of two
    one_code = bytes((1,)) + bytes(15)
    return b"".join(
        (
            _segment(_DQT, b"\x00" + bytes((_STEP,)) * _BLOCK * _BLOCK),
            _segment(_SOF0, b"\x08" + size + bytes.fromhex("01 01 11 00")),
            _segment(_DHT, b"\x00" + lengths + bytes(_CODES)),
            _segment(_DHT, b"\x10" + one_code + b"\x00"),
        )
    )


def _scan() -> bytes:
    bits = "".join(_bits())
    bits += "1" * (-len(bits) % _OCTET)
    octets = int(bits, 2).to_bytes(len(bits) // _OCTET, "big")
    return octets.replace(b"\xff", b"\xff\x00")


def _bits() -> Iterator[str]:
    before = 0
    for row in range(ROWS):
        for column in range(COLUMNS):
            level = -_DARKER if _is_person(column, row) else 0
            yield _difference(level - before) + _END_OF_BLOCK
            before = level


def _difference(value: int) -> str:
    if not value:
        return _CODES[0]
    low = value if value > 0 else value + (1 << _CATEGORY) - 1
    return _CODES[_CATEGORY] + f"{low:0{_CATEGORY}b}"


def _is_person(column: int, row: int) -> bool:
    return any(
        ((column - centre[0]) / radii[0]) ** 2 + ((row - centre[1]) / radii[1]) ** 2 <= 1
        for centre, radii in ((_HEAD_CENTRE, _HEAD_RADII), (_BODY_CENTRE, _BODY_RADII))
    )
