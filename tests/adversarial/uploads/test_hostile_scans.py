"""Scans that are not what they say, and pictures and PDFs that would harm who opens them."""

import io
import struct
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardservice.errors import Refusal
from cardservice.uploads import apart, apart_process, jpeg_decoding, pdf
from cardservice.uploads.apart import Task, examine_apart
from cardservice.uploads.jpeg import MOST_SCANS, examine_jpeg
from cardservice.uploads.png import examine_png
from cardservice.uploads.receiving import MEBIBYTE, SCAN_OCTETS, BoundedUpload, receive
from cardservice.uploads.scans import examine_scan
from tests.adversarial.uploads.test_hostile_tables import outcome
from tests.unit.uploads import samples

Name, Dictionary, Array = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array


def code(examine: Any, octets: bytes) -> str:
    with pytest.raises(Refusal) as refusal:
        examine(octets)
    assert refusal.value.sentence.endswith(".")
    return refusal.value.code


@pytest.mark.parametrize(
    "octets",
    [
        b"<html><script>alert(1)</script></html>", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(40), b"MZ" + bytes(60), b"\x7fELF" + bytes(60), b"PK\x03\x04" + bytes(40),
        b"II*\0" + bytes(40), b"RIFF\0\0\0\0WEBP", b"#!/bin/sh\n", b"\0" * 100, b"BM" + bytes(60),
        b" " + samples.jpeg(), b"\xff\xd8", b"%!PS-Adobe-3.0", b"x" + b"%PDF-1.7\n%%EOF",
    ],
)  # fmt: skip
def test_what_is_neither_picture_nor_pdf_is_refused_whatever_it_is_called(octets: bytes) -> None:
    assert code(examine_scan, octets) in ("scan-kind", "picture-damaged")


def test_a_gigabyte_is_refused_at_the_bound_and_the_memory_stays_flat() -> None:
    asked = 0

    def endless() -> Iterator[bytes]:
        nonlocal asked
        while asked < 1024:
            asked += 1
            yield bytes(MEBIBYTE)

    tracemalloc.start()
    assert code(lambda _: receive(endless(), limit=SCAN_OCTETS), b"") == "file-too-large"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert asked == SCAN_OCTETS // MEBIBYTE + 1
    assert peak < 3 * SCAN_OCTETS


def test_a_declared_size_beyond_the_bound_is_refused_before_the_first_octet() -> None:
    assert code(lambda _: BoundedUpload(10, declared=11), b"") == "file-too-large"


def test_a_declared_size_is_never_believed() -> None:
    assert code(lambda _: receive([bytes(11)], limit=10, declared=1), b"") == "file-too-large"
    assert code(lambda _: receive([], limit=10, declared=5), b"") == "file-empty"


def test_a_scan_beyond_the_bound_is_refused_by_the_examination_too() -> None:
    assert code(examine_scan, samples.jpeg() + bytes(SCAN_OCTETS)) == "file-too-large"


def sized_jpeg(width: int, height: int) -> bytes:
    octets = bytearray(samples.jpeg())
    place = octets.index(b"\xff\xc0") + 5
    octets[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(octets)


@pytest.mark.parametrize("size", [(65_535, 65_535), (12_001, 100), (100, 12_001), (10_000, 4_001)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(
    size: tuple[int, int],
) -> None:
    assert code(examine_jpeg, sized_jpeg(*size)) == "picture-too-large"
    assert code(examine_png, samples.png_of(samples.header(*size))) == "picture-too-large"


@pytest.mark.parametrize("size", [(0, 100), (100, 0), (1, 1), (15, 100)])
def test_a_picture_of_nearly_no_pixels_shows_no_document(size: tuple[int, int]) -> None:
    assert code(examine_jpeg, sized_jpeg(*size)) == "picture-too-small"
    assert code(examine_png, samples.png_of(samples.header(*size))) == "picture-too-small"


def test_a_jpeg_with_endless_scans_is_refused() -> None:
    octets = samples.jpeg()
    start = octets.index(b"\xff\xda")
    scan = octets[start : start + 14]
    bomb = octets[:start] + scan * (MOST_SCANS + 1) + b"\xff\xd9"
    assert code(examine_jpeg, bomb) == "picture-damaged"
    assert examine_jpeg(octets[:start] + scan * MOST_SCANS + b"\xff\xd9").width == 64


def jpeg_faults() -> dict[str, bytes]:
    good = samples.jpeg()
    frame, scan = good.index(b"\xff\xc0"), good.index(b"\xff\xda")
    sof = good[frame : frame + 19]
    return {
        "cut": good[:-2],
        "cut in a segment": good[:30],
        "no frame": good[:frame] + good[frame + 19 :],
        "two frames": good[:frame] + sof + good[frame:],
        "no scan": good[:scan] + b"\xff\xd9",
        "arithmetic": good[: frame + 1] + b"\xc9" + good[frame + 2 :],
        "lossless": good[: frame + 1] + b"\xc3" + good[frame + 2 :],
        "twelve bits": good[: frame + 4] + b"\x0c" + good[frame + 5 :],
        "frame length": good[: frame + 3] + b"\x12" + good[frame + 4 :],
        "short segment": good[:2] + b"\xff\xe0\x00\x01" + good[2:],
        "second start": good[:2] + b"\xff\xd8" + good[2:],
        "restart outside a scan": good[:2] + b"\xff\xd0" + good[2:],
        "no marker": good[:2] + b"\x00" + good[2:],
        "only markers": good[:2] + b"\xff\xfe\x00\x02" * 5000,
    }


@pytest.mark.parametrize("fault", jpeg_faults())
def test_a_jpeg_that_breaks_its_rules_is_refused(fault: str) -> None:
    assert code(examine_jpeg, jpeg_faults()[fault]) in ("picture-damaged", "picture-kind")


def test_markers_around_no_picture_are_refused_when_they_are_decoded() -> None:
    octets = samples.jpeg()
    tables = octets.index(b"\xff\xdb")
    without = octets[:tables] + octets[octets.index(b"\xff\xc0") :]
    assert examine_jpeg(without).width == 64
    assert code(jpeg_decoding.decode, without) == "picture-damaged"
    assert code(examine_scan, without) == "picture-damaged"


def grey(rows: bytes, *between: bytes, size: tuple[int, int] = (16, 16), **terms: int) -> bytes:
    data = samples.chunk(b"IDAT", zlib.compress(rows))
    return samples.png_of(
        samples.header(*size, **terms), *between, data, samples.chunk(b"IEND", b"")
    )


GREY = bytes(16 * 17)


def png_faults() -> dict[str, bytes]:
    good = grey(GREY)
    end = samples.chunk(b"IEND", b"")
    data = samples.chunk(b"IDAT", zlib.compress(GREY))
    head = samples.header(16, 16)
    return {
        "cut": good[:-1],
        "no end": good[:-12],
        "checksum": good[:-1] + b"\0",
        "one octet too few": grey(GREY[:-1]),
        "one octet too many": grey(GREY + b"\0"),
        "data cut": samples.png_of(head, samples.chunk(b"IDAT", zlib.compress(GREY)[:-5]), end),
        "no data": samples.png_of(head, end),
        "data scattered": samples.png_of(head, data, samples.chunk(b"tIME", bytes(7)), data, end),
        "two headers": samples.png_of(head, head, data, end),
        "header not first": samples.png_of(data, head, end),
        "header length": samples.png_of(samples.chunk(b"IHDR", bytes(12)), data, end),
        "colour type": grey(GREY, colour=1),
        "depth": grey(GREY, depth=3),
        "interlace": grey(GREY, interlace=2),
        "no palette": grey(GREY, colour=3),
        "unknown critical part": grey(GREY, samples.chunk(b"EVIL", b"")),
        "not deflate": samples.png_of(head, samples.chunk(b"IDAT", b"zzzz"), end),
        "length": good[:33] + b"\xff\xff\xff\xff" + good[37:],
        "empty": samples.png_of(),
    }


@pytest.mark.parametrize("fault", png_faults())
def test_a_png_that_breaks_its_rules_is_refused(fault: str) -> None:
    assert examine_png(grey(GREY)).height == 16
    assert code(examine_png, png_faults()[fault]) == "picture-damaged"


def test_a_png_bomb_is_found_at_the_first_octet_too_many() -> None:
    bomb = grey(bytes(200 * MEBIBYTE))
    tracemalloc.start()
    assert code(examine_png, bomb) == "picture-damaged"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * MEBIBYTE


def test_packed_texts_and_profiles_of_a_png_are_neither_unpacked_nor_kept() -> None:
    bomb = zlib.compress(bytes(50 * MEBIBYTE))
    text = samples.chunk(b"zTXt", b"a\0\0" + bomb) + samples.chunk(b"iCCP", b"a\0\0" + bomb)
    assert examine_png(grey(GREY, text)).octets == grey(GREY)


@given(st.integers(0, 2000), st.integers(0, 255), st.sampled_from([samples.jpeg(), samples.png()]))
@settings(deadline=None)
def test_an_altered_picture_is_a_picture_or_a_refusal(place: int, value: int, good: bytes) -> None:
    octets = bytearray(good)
    octets[2 + place % (len(octets) - 2)] = value
    examine = examine_jpeg if good.startswith(b"\xff") else examine_png
    found = outcome(examine, bytes(octets))
    assert not found or found.startswith("picture-")


@given(st.binary(max_size=300))
def test_any_octets_after_a_start_are_a_value_or_a_refusal(octets: bytes) -> None:
    for examine, start in ((examine_jpeg, b"\xff\xd8"), (examine_png, b"\x89PNG\r\n\x1a\n")):
        with pytest.raises(Refusal):
            examine(start + octets)


def script() -> pikepdf.Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def active_roots() -> dict[str, dict[str, pikepdf.Object]]:
    return {
        "script at opening": {"/OpenAction": script()},
        "script at closing": {"/AA": Dictionary(WC=script())},
        "named scripts": {"/Names": Dictionary(JavaScript=Dictionary(Names=Array([])))},
        "program": {"/OpenAction": Dictionary(S=Name.Launch, F="cmd.exe")},
        "next action": {
            "/OpenAction": Dictionary(S=Name.URI, URI="https://a.org", Next=Array([script()]))
        },
        "other file": {"/OpenAction": Dictionary(S=Name.GoToR, F="\\\\host\\share", D=Array([]))},
        "sends": {"/OpenAction": Dictionary(S=Name.SubmitForm, F="https://a.org")},
        "attachment": {"/Names": Dictionary(EmbeddedFiles=Dictionary(Names=Array([])))},
        "file attached": {"/AF": Array([Dictionary(Type=Name.Filespec, EF=Dictionary())])},
        "form": {"/AcroForm": Dictionary(XFA="x")},
        "media": {"/Thing": Dictionary(Subtype=Name.RichMedia)},
        "bare script": {"/Thing": Dictionary(JS="x")},
        "deep": {"/Thing": Array([Array([Dictionary(A=Array([script()]))])])},
    }


@pytest.mark.parametrize("kind", active_roots())
def test_a_pdf_that_acts_is_refused(kind: str) -> None:
    assert code(pdf.examine, samples.pdf(changed=active_roots()[kind])) == "pdf-active"


def test_a_script_hidden_by_escapes_in_packed_objects_is_found() -> None:
    plain = samples.pdf(changed={"/OpenAction": script()})
    escaped = plain.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS ", b"/#4AS ")
    assert b"/JavaScript" not in escaped
    book = pikepdf.open(io.BytesIO(plain))
    packed = samples.saved(book, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in packed
    assert code(pdf.examine, packed) == "pdf-active"
    assert code(pdf.examine, escaped) in ("pdf-active", "pdf-damaged")


def test_a_stream_that_lies_in_another_file_is_refused() -> None:
    book = pikepdf.new()
    book.add_blank_page()
    stream = pikepdf.Stream(book, b"x")
    stream["/F"] = pikepdf.String("/etc/passwd")
    book.Root.Thing = stream
    assert code(pdf.examine, samples.saved(book)) == "pdf-active"


def test_an_encrypted_pdf_is_refused_with_and_without_a_password() -> None:
    for password in ("", "secret"):
        book = pikepdf.new()
        book.add_blank_page()
        octets = samples.saved(book, encryption=pikepdf.Encryption(owner="o", user=password))
        assert code(pdf.examine, octets) == "pdf-encrypted"


def test_a_pdf_of_too_many_or_no_pages_is_refused() -> None:
    assert code(pdf.examine, samples.pdf(pages=51)) == "pdf-pages"
    assert code(pdf.examine, samples.saved(pikepdf.new())) == "pdf-pages"


def test_a_pdf_that_must_be_repaired_or_is_also_another_file_is_refused() -> None:
    good = samples.pdf()
    for octets in (
        good + b"PK\x03\x04",
        b"GIF89a" + good,
        good[: len(good) // 2],
        good[: len(good) // 2] + b"%%EOF",
        b"%PDF-1.7\n" + bytes(100) + b"%%EOF\n",
        good.replace(b"startxref\n", b"startxref\n9"),
    ):
        assert code(pdf.examine, octets) == "pdf-damaged"


# The memory may end inside the PDF library, which then calls the file damaged.
UNEXAMINABLE = ("file-unexaminable", "pdf-too-large", "pdf-damaged")


def bomb_pdf(mebibytes: int, streams: int) -> bytes:
    book = pikepdf.new()
    book.add_blank_page()
    packed = zlib.compress(bytes(mebibytes * MEBIBYTE), 1)
    made = [pikepdf.Stream(book, packed, Filter=Name.FlateDecode) for _ in range(streams)]
    book.Root.Things = Array(made)
    return samples.saved(book)


def test_a_pdf_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_UNPACKED", 4 * MEBIBYTE)
    assert pdf.examine(bomb_pdf(1, 4)) == 1
    assert code(pdf.examine, bomb_pdf(1, 5)) == "pdf-too-large"


def test_a_pdf_whose_one_stream_fills_the_memory_ends_its_own_process_only() -> None:
    assert code(examine_scan, bomb_pdf(1100, 1)) in UNEXAMINABLE


def test_objects_nested_without_end_are_refused() -> None:
    good = samples.pdf()
    deep = b"[" * 100_000 + b"]" * 100_000
    hostile = good.replace(b"/Type /Catalog", b"/Type /Catalog /X " + deep)
    assert code(examine_scan, hostile) in ("pdf-damaged", "file-unexaminable")


@pytest.mark.parametrize("task", Task)
def test_garbage_is_refused_in_the_process_apart(task: Task) -> None:
    assert code(lambda octets: examine_apart(task, octets), b"garbage")


def test_a_process_apart_that_breaks_or_hangs_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, wall in (("no.such.module", 30), ("this", 30), ("code", 0.3)):
        monkeypatch.setattr(apart, "_MODULE", module)
        monkeypatch.setattr(apart, "WALL_S", wall)
        assert code(lambda octets: examine_apart(Task.PDF, octets), b"") == "file-unexaminable"


def test_every_task_of_the_process_apart_has_somebody_who_does_it() -> None:
    for task in Task:
        assert "refused" in apart_process.answer(task, b"garbage")
