"""A JPEG by its markers: size and number of scans known before anything decodes it.

Source: ITU-T T.81 (1992), B.1 and B.2.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from cardservice.errors import Refusal
from cardservice.uploads.pictures import Picture, damaged, require_size

MOST_SEGMENTS: Final = 4_096  # markers and scans of one picture
# Each scan makes a decoder walk over all pixels again; progressive encoders write about ten.
MOST_SCANS: Final = 32
SAMPLE_BITS: Final = 8
COMPONENTS: Final = (1, 3, 4)


class Marker(IntEnum):
    """Second octet of a marker (table B.1)."""

    TEM = 0x01
    SOF0 = 0xC0
    SOF1 = 0xC1
    SOF2 = 0xC2
    DHT = 0xC4
    JPG = 0xC8
    DAC = 0xCC
    SOF15 = 0xCF
    RST0 = 0xD0
    SOI = 0xD8
    EOI = 0xD9
    SOS = 0xDA


START: Final = bytes((0xFF, Marker.SOI))
_DECODABLE: Final = (Marker.SOF0, Marker.SOF1, Marker.SOF2)
_NOT_FRAMES: Final = (Marker.DHT, Marker.JPG, Marker.DAC)
_MARKER: Final = re.compile(rb"\xff+([^\x00\xff])")
# In entropy-coded data FF00 is an octet FF and FFD0…FFD7 are restarts; any other ends it.
_END_OF_SCAN: Final = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


@dataclass(frozen=True, slots=True)
class _Segment:
    marker: int
    body: bytes
    end: int  # position after it and, for a scan, after its coded data


def examine_jpeg(octets: bytes) -> Picture:
    """Return the picture, cut after its end marker; nothing is decoded.

    Raises:
        Refusal: ``picture-damaged``, ``picture-kind``, ``picture-too-large``,
            ``picture-too-small``.
    """
    size: tuple[int, int] | None = None
    scans = 0
    for segment in _segments(octets):
        if segment.marker == Marker.EOI:
            if size is None or not scans:
                raise damaged("it ends before it shows anything")
            return Picture(*size, octets[: segment.end])
        if _is_frame(segment.marker):
            if size is not None:
                raise damaged("it has two frames")
            size = _frame_size(segment)
        if segment.marker == Marker.SOS:
            scans = _counted(scans, after_frame=size is not None)
    raise damaged("it has no end")


def _counted(scans: int, *, after_frame: bool) -> int:
    if not after_frame:
        raise damaged("a scan stands before the frame")
    if scans == MOST_SCANS:
        raise damaged(f"it has more than {MOST_SCANS} scans")
    return scans + 1


def _is_frame(marker: int) -> bool:
    return Marker.SOF0 <= marker <= Marker.SOF15 and marker not in _NOT_FRAMES


def _frame_size(segment: _Segment) -> tuple[int, int]:
    if segment.marker not in _DECODABLE:
        sentence = "The picture is a JPEG of a rare kind; save it as an ordinary one."
        raise Refusal("picture-kind", sentence, field="file")
    body = segment.body
    if len(body) < 6 or len(body) != 6 + 3 * body[5]:
        raise damaged("its frame has a wrong length")
    if body[0] != SAMPLE_BITS or body[5] not in COMPONENTS:
        raise damaged("its samples are of no known form")
    height, width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
    require_size(width, height)
    return width, height


def _segments(octets: bytes) -> Iterator[_Segment]:
    position = len(START)
    for _ in range(MOST_SEGMENTS):
        found = _MARKER.match(octets, position)
        if found is None:
            raise damaged("a marker is missing")
        segment = _segment(octets, found.end(), found[1][0])
        yield segment
        position = segment.end
    raise damaged("it has too many parts")


def _segment(octets: bytes, position: int, marker: int) -> _Segment:
    if marker == Marker.EOI:
        return _Segment(marker, b"", position)
    if marker == Marker.TEM or Marker.RST0 <= marker <= Marker.SOI:
        raise damaged("a marker stands where none may")
    length = int.from_bytes(octets[position : position + 2])
    end = position + length
    if length < 2 or end > len(octets):
        raise damaged("a part is longer than the file")
    body = octets[position + 2 : end]
    if marker == Marker.SOS:
        after = _END_OF_SCAN.search(octets, end)
        if after is None:
            raise damaged("it has no end")
        end = after.start()
    return _Segment(marker, body, end)
