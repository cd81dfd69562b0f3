"""A PNG by its chunks: each checked, only those of the picture kept, its data unpacked once.

Source: W3C Portable Network Graphics (Third Edition), clauses 5, 8, 10 and 11.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cardservice.uploads.pictures import Picture, damaged, require_size

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS: Final = 100_000  # an encoder with 8-KiB pieces needs 1,280 for the largest file
PIECE: Final = 1 << 16
# Compressed text, profiles and animations unpack elsewhere and could hold anything; these
# have a fixed small form, or are the picture.
KEPT: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT"}
)
# Colour type → samples a pixel and the depths it may have (table 11.1).
_FORMS: Final = {
    0: (1, (1, 2, 4, 8, 16)),
    2: (3, (8, 16)),
    3: (1, (1, 2, 4, 8)),
    4: (2, (8, 16)),
    6: (4, (8, 16)),
}
# Adam7: first column, first row, column step, row step of each pass (clause 8.1).
_PASSES: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
_WHOLE: Final = ((0, 0, 1, 1),)
_HEADER_OCTETS: Final = 13


@dataclass(frozen=True, slots=True)
class _Chunk:
    kind: bytes
    body: bytes
    whole: bytes


@dataclass(frozen=True, slots=True)
class _Header:
    width: int
    height: int
    bits: int  # of a pixel
    passes: tuple[tuple[int, int, int, int], ...]

    @property
    def unpacked_octets(self) -> int:
        """Octets of all filtered rows, each with its filter type before it."""
        return sum(self._octets(*one) for one in self.passes)

    def _octets(self, x: int, y: int, x_step: int, y_step: int) -> int:
        columns = -(-(self.width - x) // x_step)
        rows = -(-(self.height - y) // y_step)
        return rows * (1 + -(-columns * self.bits // 8)) if columns > 0 and rows > 0 else 0


def examine_png(octets: bytes) -> Picture:
    """Return the picture with the chunks that make it and nothing else.

    Raises:
        Refusal: ``picture-damaged``, ``picture-too-large``, ``picture-too-small``.
    """
    # The size is judged before anything after it is looked at.
    header = _header(_chunk(octets, len(SIGNATURE)))
    chunks = list(_chunks(octets))
    _require_order(chunks)
    _require_data([one.body for one in chunks if one.kind == b"IDAT"], header.unpacked_octets)
    kept = b"".join(one.whole for one in chunks if one.kind in KEPT)
    return Picture(header.width, header.height, SIGNATURE + kept)


def _chunks(octets: bytes) -> Iterator[_Chunk]:
    position = len(SIGNATURE)
    for _ in range(MOST_CHUNKS):
        chunk = _chunk(octets, position)
        yield chunk
        if chunk.kind == b"IEND":
            return
        position += len(chunk.whole)
    raise damaged("it has too many parts")


def _chunk(octets: bytes, position: int) -> _Chunk:
    length = int.from_bytes(octets[position : position + 4])
    whole = octets[position : position + length + 12]
    if len(whole) != length + 12:
        raise damaged("a part is longer than the file")
    if zlib.crc32(whole[4:-4]) != int.from_bytes(whole[-4:]):
        raise damaged("a checksum is wrong")
    kind = whole[4:8]
    if kind[:1].isupper() and kind not in KEPT:
        raise damaged("it has a part of an unknown kind")
    return _Chunk(kind, whole[8:-4], whole)


def _header(chunk: _Chunk) -> _Header:
    body = chunk.body
    if chunk.kind != b"IHDR" or len(body) != _HEADER_OCTETS:
        raise damaged("it does not begin with its header")
    depth, colour, compression, filters, interlace = body[8:]
    samples, depths = _FORMS.get(colour, (0, ()))
    if depth not in depths or compression or filters or interlace > 1:
        raise damaged("its header has a value that does not exist")
    width, height = int.from_bytes(body[:4]), int.from_bytes(body[4:8])
    require_size(width, height)
    return _Header(width, height, samples * depth, _PASSES if interlace else _WHOLE)


def _require_order(chunks: list[_Chunk]) -> None:
    kinds = [one.kind for one in chunks]
    data = [place for place, kind in enumerate(kinds) if kind == b"IDAT"]
    if not data or data != list(range(data[0], data[-1] + 1)):
        raise damaged("its data are missing or scattered")
    if kinds.count(b"IHDR") != 1:
        raise damaged("it has two headers")
    if chunks[0].body[9] == 3 and b"PLTE" not in kinds[: data[0]]:
        raise damaged("its palette is missing")


def _require_data(parts: list[bytes], expected: int) -> None:
    # Unpacked in pieces that are counted and thrown away: the memory does not grow with the
    # picture, and a bomb is found at the first octet too many.
    unpacker, total = zlib.decompressobj(), 0
    try:
        for part in parts:
            pending = part
            while pending and total <= expected:
                total += len(unpacker.decompress(pending, PIECE))
                pending = unpacker.unconsumed_tail
        # What the unpacker still holds comes out too, so that one octet too many is seen.
        while total <= expected and (more := unpacker.decompress(b"", PIECE)):
            total += len(more)
    except zlib.error:
        raise damaged("its data do not unpack") from None
    if total != expected or not unpacker.eof:
        raise damaged("its data do not fill it")
