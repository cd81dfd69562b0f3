"""Files as honest people send them, made here; hostile ones are made from these."""

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

import openpyxl
import pikepdf
from PIL import Image

from tests.shared import data

HOLDERS = data("holders.csv")


def jpeg(width: int = 64, height: int = 48, *, progressive: bool = False) -> bytes:
    octets = io.BytesIO()
    image = Image.effect_noise((width, height), 60).convert("RGB")
    image.save(octets, "JPEG", progressive=progressive)
    return octets.getvalue()


def png(width: int = 64, height: int = 48, mode: str = "RGB") -> bytes:
    octets = io.BytesIO()
    Image.effect_noise((width, height), 60).convert(mode).save(octets, "PNG")
    return octets.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def header(
    width: int, height: int, *, depth: int = 8, colour: int = 0, interlace: int = 0
) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))


def pdf(*, pages: int = 1, changed: Mapping[str, pikepdf.Object] | None = None) -> bytes:
    book = pikepdf.new()
    for _ in range(pages):
        book.add_blank_page()
    for name, value in (changed or {}).items():
        book.Root[name] = book.make_indirect(value)
    return saved(book)


def saved(book: pikepdf.Pdf, **terms: object) -> bytes:
    octets = io.BytesIO()
    book.save(octets, **terms)  # type: ignore[arg-type]
    return octets.getvalue()


def table_cells(rows: int = 3) -> list[list[str]]:
    """Return the header and that many good rows."""
    return list(csv.reader(io.StringIO(HOLDERS.decode())))[: rows + 1]


def as_csv(cells: list[list[str]], separator: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(cells)
    return text.getvalue().encode()


def as_xlsx(cells: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in cells:
        book.active.append(row)
    octets = io.BytesIO()
    book.save(octets)
    return octets.getvalue()


def with_parts(octets: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return an archive with those parts put in or replaced."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(octets)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return changed.getvalue()


def part(octets: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return archive.read(name)
