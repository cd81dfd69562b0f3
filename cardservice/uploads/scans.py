"""A scan of a document: what it is says its content, whatever its sender and its name say."""

from dataclasses import dataclass, field
from enum import StrEnum, unique

from cardservice.errors import Refusal
from cardservice.uploads import jpeg, pdf_frame, png
from cardservice.uploads.apart import Task, examine_apart
from cardservice.uploads.jpeg import examine_jpeg
from cardservice.uploads.png import examine_png
from cardservice.uploads.receiving import SCAN_OCTETS


@unique
class ScanKind(StrEnum):
    """The media types a scan may have; a page serves it under this one and no other."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A scan fit to be kept.

    Attributes:
        kind: by its content.
        octets: what to keep: a picture without what follows its end or does not make it.
        width, height: pixels of a picture, 0 for a PDF.
        pages: 1 for a picture.
    """

    kind: ScanKind
    octets: bytes = field(repr=False)
    width: int = 0
    height: int = 0
    pages: int = 1


def examine_scan(octets: bytes) -> Scan:
    """Return the scan that ``octets`` are.

    Raises:
        Refusal: ``scan-kind`` for anything but JPEG, PNG and PDF; ``file-too-large``; those of
            the formats (``picture-…``, ``pdf-…``); ``file-unexaminable``.
    """
    if len(octets) > SCAN_OCTETS:
        raise Refusal("file-too-large", "The file is too large for a scan.", field="file")
    if octets.startswith(jpeg.START):
        return _jpeg(octets)
    if octets.startswith(png.SIGNATURE):
        found = examine_png(octets)
        return Scan(kind=ScanKind.PNG, octets=found.octets, width=found.width, height=found.height)
    if octets.startswith(pdf_frame.START):
        pdf_frame.require_frame(octets)
        return Scan(kind=ScanKind.PDF, octets=octets, pages=int(examine_apart(Task.PDF, octets)))
    sentence = "The file is neither a JPEG or PNG picture nor a PDF, whatever its name says."
    raise Refusal("scan-kind", sentence, field="file")


def _jpeg(octets: bytes) -> Scan:
    found = examine_jpeg(octets)
    examine_apart(Task.JPEG, found.octets)
    return Scan(kind=ScanKind.JPEG, octets=found.octets, width=found.width, height=found.height)
