"""Scans as honest people send them."""

import io

import pikepdf
import pytest
from PIL import Image

from cardservice.uploads.jpeg import examine_jpeg
from cardservice.uploads.png import examine_png
from cardservice.uploads.receiving import BoundedUpload, receive
from cardservice.uploads.scans import ScanKind, examine_scan
from tests.unit.uploads import samples


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_is_taken_as_it_is(progressive: bool) -> None:
    octets = samples.jpeg(120, 90, progressive=progressive)
    found = examine_scan(octets)
    assert (found.kind, found.width, found.height, found.octets) == (
        ScanKind.JPEG,
        120,
        90,
        octets,
    )


def test_what_follows_the_end_of_a_jpeg_is_not_kept() -> None:
    octets = samples.jpeg()
    assert examine_jpeg(octets + b"PK\x03\x04 a second file").octets == octets


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_a_png_of_every_form_is_taken(mode: str) -> None:
    octets = io.BytesIO()
    Image.new(mode, (33, 17)).save(octets, "PNG")
    found = examine_scan(octets.getvalue())
    assert (found.kind, found.width, found.height) == (ScanKind.PNG, 33, 17)


def test_a_png_keeps_its_pixels_and_loses_its_texts_and_what_follows_it() -> None:
    octets = samples.png()
    text = samples.chunk(b"tEXt", b"Comment\0where I live")
    found = examine_png(octets[:33] + text + octets[33:] + b"more").octets
    assert found == octets


@pytest.mark.parametrize("size", [(16, 16), (17, 33), (64, 40), (100, 16)])
def test_an_interlaced_png_of_any_size_has_the_octets_its_header_says(
    size: tuple[int, int],
) -> None:
    # Adam7 by hand: each pass of a picture of zeros.
    import zlib

    width, height = size
    rows = b""
    for x, y, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):  # fmt: skip  # noqa: E501
        columns = len(range(x, width, dx))
        for _ in range(y, height, dy):
            rows += bytes(1 + columns) if columns else b""
    octets = samples.png_of(
        samples.header(width, height, interlace=1),
        samples.chunk(b"IDAT", zlib.compress(rows)),
        samples.chunk(b"IEND", b""),
    )
    Image.open(io.BytesIO(octets)).load()
    assert examine_png(octets).width == width


def test_a_pdf_is_taken_as_it_is_with_its_pages_counted() -> None:
    octets = samples.pdf(pages=3)
    found = examine_scan(octets)
    assert (found.kind, found.pages, found.octets) == (ScanKind.PDF, 3, octets)


def test_a_pdf_with_packed_objects_links_and_a_place_to_open_at_is_taken() -> None:
    book = pikepdf.new()
    book.add_blank_page()
    book.Root.OpenAction = pikepdf.Array([book.pages[0].obj, pikepdf.Name.Fit])
    link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org/")
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=link, F=4)
    book.pages[0].Annots = book.make_indirect(pikepdf.Array([note]))
    octets = samples.saved(book, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert examine_scan(octets).pages == 1


def test_an_upload_of_exactly_the_bound_is_taken() -> None:
    assert receive([b"ab", b"", b"cd"], limit=4) == b"abcd"
    exact = BoundedUpload(4, declared=4)
    exact.add(b"abcd")
    assert exact.finish() == b"abcd"
