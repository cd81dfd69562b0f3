"""Tables that would fill the memory, compute on a clerk's machine, or mislead an eye."""

import io
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardservice.errors import Refusal
from cardservice.uploads.receiving import MEBIBYTE, TABLE_OCTETS
from cardservice.uploads.tables import xlsx_cells
from cardservice.uploads.tables.cells import COLUMNS, ROWS, is_formula
from tests.unit.uploads import samples
from tests.unit.uploads.test_tables import read

SHEET = "xl/worksheets/sheet1.xml"


def refused_file(octets: bytes) -> str:
    with pytest.raises(Refusal) as refusal:
        read(octets)
    assert refusal.value.sentence.endswith(".")
    return refusal.value.code


def outcome(examine: Callable[[bytes], object], octets: bytes) -> str:
    """Return the refusal's code, empty if there is none; any other error is a fault of ours."""
    try:
        examine(octets)
    except Refusal as refusal:
        return refusal.code
    return ""


def refused_workbook(octets: bytes) -> str:
    with pytest.raises(Refusal) as refusal:
        xlsx_cells.examine(octets)
    return refusal.value.code


def changed(column: str, value: Any, rows: int = 2) -> list[list[Any]]:
    """Return header and rows, of which the first has ``value`` in ``column``."""
    header, first, *others = samples.table_cells(rows)
    spoilt: list[Any] = [*first]
    spoilt[header.index(column)] = value
    return [header, spoilt, *others]


def spoilt(octets: bytes) -> list[tuple[int, str, str | None]]:
    """Return row, code and field of every refusal; the other rows were taken."""
    table = read(octets)
    assert len(table.good) + len(table.refused) >= 2
    return [(one.row, what.code, what.field) for one in table.refused for what in one.refusals]


HIDDEN = {
    "nul": ("\0", "nul-character"),
    "right to left override": ("\u202e", "control-character"),
    "isolate": ("\u2066", "control-character"),
    "zero width": ("\u200b", "control-character"),
    "bell": ("\a", "control-character"),
    "byte order mark": ("\ufeff", "control-character"),
    "line separator": ("\u2028", "control-character"),
    "private": ("\ue000", "control-character"),
    "tag": ("\U000e0041", "control-character"),
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_hidden_character_spoils_its_row_with_its_place_and_no_other(kind: str) -> None:
    character, code = HIDDEN[kind]
    octets = samples.as_csv(changed("given_name", f"Ан{character}на"))
    table = read(octets)
    (refusal,) = table.refused[0].refusals
    assert (table.refused[0].row, refusal.code, refusal.field) == (2, code, "given_name")
    assert "B2" in refusal.sentence
    assert f"U+{ord(character):04X}" in refusal.sentence
    assert character not in refusal.sentence
    assert [one.row for one in table.good] == [3]


def test_a_hidden_character_in_a_column_of_theirs_spoils_its_row_too() -> None:
    cells = [
        [*row, "note" if not number else "a\u202eb"]
        for number, row in enumerate(samples.table_cells(2))
    ]
    assert [code for _, code, _ in spoilt(samples.as_csv(cells))] == ["control-character"] * 2


def test_a_hidden_character_in_a_column_name_refuses_the_file() -> None:
    cells = samples.table_cells(2)
    cells[0][0] = "sur\u200bname"
    assert refused_file(samples.as_csv(cells)) == "control-character"
    cells[0][0] = "sur\0name"
    assert refused_file(samples.as_csv(cells)) == "nul-character"


FORMULAS = [
    "=1+1", '=HYPERLINK("http://a.org")', "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|x",
    " =1", "\u00a0=1", "+А1", "-", "-x", "\t=1",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS[:-3])
def test_a_cell_that_begins_like_a_formula_spoils_its_row(text: str) -> None:
    assert spoilt(samples.as_csv(changed("address", text))) == [(2, "formula-cell", "address")]


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("+7 900 000-63-91", False), ("+7(900)000.63.91", False), ("-5", False), ("", False),
        ("a=b", False), ("- x", True), ("\t=1", True), ("\r=1", True), ("=", True),
    ],
)  # fmt: skip
def test_telephone_numbers_are_no_formulas(text: str, formula: bool) -> None:
    assert is_formula(text) is formula


def test_a_formula_in_a_workbook_spoils_its_row_though_its_value_looks_good() -> None:
    octets = samples.as_xlsx(changed("surname", '="Ива"&"нов"'))
    assert spoilt(octets) == [(2, "formula-cell", "surname")]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (58000844000019, "number-cell"),
        (1.5, "number-cell"),
        (True, "number-cell"),
        ("#N/A", "error-cell"),
    ],
)
def test_what_a_spreadsheet_made_of_a_cell_is_refused_with_what_to_do(
    value: Any, code: str
) -> None:
    assert spoilt(samples.as_xlsx(changed("enp", value))) == [(2, code, "enp")]


def test_a_time_of_day_is_no_date() -> None:
    import datetime as dt

    for value in (dt.time(5, 6), dt.datetime(2020, 1, 1, 5, 6), dt.timedelta(hours=30)):  # noqa: DTZ001
        octets = samples.as_xlsx(changed("birth_date", value))
        assert [code for _, code, _ in spoilt(octets)] == ["time-cell"]


def test_more_rows_than_allowed_refuse_the_file_and_nothing_is_taken() -> None:
    header, row = samples.table_cells(1)
    line = samples.as_csv([row])
    assert refused_file(samples.as_csv([header]) + line * (ROWS + 1)) == "rows-too-many"
    assert len(read(samples.as_csv([header]) + line * ROWS).rows) == ROWS


def test_more_rows_than_allowed_in_a_workbook_refuse_it() -> None:
    header, row = samples.table_cells(1)
    assert refused_workbook(samples.as_xlsx([header, *[row[:1]] * (ROWS + 1)])) == "rows-too-many"


def test_a_broken_line_spoils_itself_alone() -> None:
    header, one, two = samples.as_csv(samples.table_cells(2)).split(b"\r\n")[:3]
    octets = b"\n".join(
        (header, b'"never closed', one, b"x" * 9000, b'a"b"c,"d"e', b"too,few", two)
    )
    table = read(octets)
    codes = [(one.row, one.codes) for one in table.refused]
    assert codes[:2] == [(2, ("quotes-wrong",)), (4, ("line-too-long",))]
    assert codes[-1] == (6, ("cells-wrong",))
    assert [one.row for one in table.good] == [3, 7]


def test_a_cell_that_is_too_long_is_refused_with_its_place() -> None:
    assert spoilt(samples.as_csv(changed("address", "я" * 1001))) == [
        (2, "cell-too-long", "address")
    ]
    assert spoilt(samples.as_xlsx(changed("address", "я" * 9000))) == [
        (2, "cell-too-long", "address")
    ]


def test_too_many_columns_refuse_the_file() -> None:
    cells = [[*row, *(f"c{number}" for number in range(COLUMNS))] for row in samples.table_cells(1)]
    assert refused_file(samples.as_csv(cells)) == "columns-too-many"
    assert refused_file(samples.as_xlsx(cells)) == "columns-too-many"


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "header-missing"),
        (b"\n\n\n", "header-missing"),
        (b"a,b,c\n1,2,3", "column-missing"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "table-kind"),
        (b"%PDF-1.7\n", "table-kind"),
        (b"PK\x03\x04garbage", "table-damaged"),
        (b"\xff\xfe\x00\xd8", "encoding-unknown"),
        (b"\xff\xfe\0\0a\0\0\0", "encoding-unknown"),
        (b"\x98\x98,\x80\x81", "encoding-unknown"),
        (bytes(TABLE_OCTETS + 1), "file-too-large"),
        (samples.as_csv(samples.table_cells(0)), "rows-missing"),
        (samples.jpeg(), "encoding-unknown"),
    ],
)
def test_what_is_no_table_is_refused_whatever_it_is_called(octets: bytes, code: str) -> None:
    assert refused_file(octets) == code


def good_workbook() -> bytes:
    return samples.as_xlsx(samples.table_cells(2))


def test_a_part_that_unpacks_to_too_much_is_refused_by_its_directory_alone() -> None:
    bomb = samples.with_parts(good_workbook(), {SHEET: bytes(300 * MEBIBYTE)})
    assert len(bomb) < MEBIBYTE
    assert refused_workbook(bomb) == "table-bomb"


def test_many_parts_or_many_small_bombs_are_refused() -> None:
    many = {f"xl/p{number}.bin": b"" for number in range(300)}
    assert refused_workbook(samples.with_parts(good_workbook(), many)) == "table-bomb"
    small = {f"xl/p{number}.bin": bytes(MEBIBYTE) for number in range(70)}
    assert refused_workbook(samples.with_parts(good_workbook(), small)) == "table-bomb"


def test_a_directory_that_lies_about_a_size_is_found_when_the_part_is_read() -> None:
    bomb = bytearray(samples.with_parts(good_workbook(), {SHEET: bytes(2 * MEBIBYTE)}))
    place = bomb.rindex(SHEET.encode()) - 46
    assert bomb[place : place + 4] == b"PK\x01\x02"
    bomb[place + 24 : place + 28] = struct.pack("<I", 1000)
    assert refused_workbook(bytes(bomb)) in ("table-damaged", "table-bomb")


def test_parts_that_share_their_octets_are_refused() -> None:
    octets = bytearray(good_workbook())
    first = octets.index(b"PK\x01\x02")
    second = octets.index(b"PK\x01\x02", first + 4)
    octets[second + 42 : second + 46] = octets[first + 42 : first + 46]
    assert refused_workbook(bytes(octets)) == "table-bomb"


def test_two_parts_of_one_name_are_refused() -> None:
    octets = io.BytesIO(good_workbook())
    with zipfile.ZipFile(octets, "a") as archive:
        archive.writestr(SHEET.upper(), b"<other/>")
    assert refused_workbook(octets.getvalue()) == "table-damaged"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("xl/vbaProject.bin", "table-macros"),
        ("xl/macrosheets/sheet1.xml", "table-macros"),
        ("xl/activeX/activeX1.bin", "table-active"),
        ("xl/embeddings/oleObject1.bin", "table-active"),
        ("xl/externalLinks/externalLink1.xml", "table-links"),
        ("xl/connections.xml", "table-links"),
        ("XL\\VBAPROJECT.BIN", "table-macros"),
        ("../../etc/cron.d/x", "table-damaged"),
        ("/etc/passwd", "table-damaged"),
    ],
)
def test_parts_that_no_table_of_people_needs_are_refused(name: str, code: str) -> None:
    assert refused_workbook(samples.with_parts(good_workbook(), {name: b"<x/>"})) == code


def test_an_encrypted_part_is_refused() -> None:
    octets = bytearray(good_workbook())
    octets[octets.index(b"PK\x01\x02") + 8] |= 1
    assert refused_workbook(bytes(octets)) == "table-encrypted"


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w") as archive:
        archive.writestr("word/document.xml", b"<x/>")
    assert refused_workbook(octets.getvalue()) == "table-kind"


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>&b;</sheetData></worksheet>"""
FOREIGN = LAUGHS.replace(b'<!ENTITY a "ha">', b'<!ENTITY a SYSTEM "file:///etc/passwd">')


@pytest.mark.parametrize("octets", [LAUGHS, FOREIGN, LAUGHS.decode().encode("utf-16")])
@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"])
def test_declared_entities_are_refused_in_every_part(name: str, octets: bytes) -> None:
    assert refused_workbook(samples.with_parts(good_workbook(), {name: octets})) == "table-entities"


def test_xml_without_end_or_depth_is_refused() -> None:
    deep = b"<a>" * 5000 + b"</a>" * 5000
    assert refused_workbook(samples.with_parts(good_workbook(), {"xl/x.xml": deep})) == "table-bomb"
    open_only = samples.with_parts(good_workbook(), {SHEET: b"<worksheet>"})
    assert refused_workbook(open_only) == "table-damaged"


RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
 Target="{target}" TargetMode="External"/></Relationships>"""


def with_relation(kind: str, target: str) -> bytes:
    relations = RELATIONS.format(kind=kind, target=target).encode()
    name = "xl/worksheets/_rels/sheet1.xml.rels"
    return samples.with_parts(good_workbook(), {name: relations})


def test_a_link_to_another_file_is_refused_and_an_address_in_a_cell_is_not() -> None:
    assert refused_workbook(with_relation("oleObject", "file:///c:/x")) == "table-links"
    assert refused_workbook(with_relation("image", "https://a.org/track.png")) == "table-links"
    assert len(xlsx_cells.examine(with_relation("hyperlink", "mailto:a@example.org"))) == 3


def test_a_content_type_with_macros_is_refused() -> None:
    types = samples.part(good_workbook(), "[Content_Types].xml")
    macro = types.replace(b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml")
    assert macro != types
    octets = samples.with_parts(good_workbook(), {"[Content_Types].xml": macro})
    assert refused_workbook(octets) == "table-macros"


def test_a_second_sheet_with_something_in_it_is_refused_rather_than_overlooked() -> None:
    for text, taken in ((None, True), ("x", False)):
        book = openpyxl.load_workbook(io.BytesIO(good_workbook()))
        book.create_sheet("other")["B7"] = text
        octets = io.BytesIO()
        book.save(octets)
        if taken:
            assert len(xlsx_cells.examine(octets.getvalue())) == 3
        else:
            assert refused_workbook(octets.getvalue()) == "sheets-many"


def with_lying_size(octets: bytes, name: str) -> bytes:
    sheet = samples.part(octets, name)
    start = sheet.index(b'<dimension ref="')
    lying = sheet[:start] + b'<dimension ref="A1:A1' + sheet[sheet.index(b'"', start + 16) :]
    assert lying != sheet
    return samples.with_parts(octets, {name: lying})


def test_what_a_sheet_says_of_its_own_size_is_not_believed() -> None:
    assert len(xlsx_cells.examine(with_lying_size(good_workbook(), SHEET))[2][1]) == 20
    book = openpyxl.load_workbook(io.BytesIO(good_workbook()))
    book.create_sheet("other")["B7"] = "x"
    octets = io.BytesIO()
    book.save(octets)
    hidden = with_lying_size(octets.getvalue(), SHEET.replace("1", "2"))
    assert refused_workbook(hidden) == "sheets-many"


def far_row(cell: bytes) -> bytes:
    sheet = samples.part(good_workbook(), SHEET)
    row = b'<row r="1048576">' + cell + b"</row></sheetData>"
    return samples.with_parts(good_workbook(), {SHEET: sheet.replace(b"</sheetData>", row)})


def test_a_row_at_the_end_of_the_sheet_costs_no_million_rows() -> None:
    assert len(xlsx_cells.examine(far_row(b'<c r="A1048576" s="1"/>'))) == 3
    for cell in (b"<c><v>1</v></c>", b"<c><f>1</f></c>", b'<c t="inlineStr"><is><t>x</t></is></c>'):
        assert refused_workbook(far_row(cell)) == "rows-too-many"


@given(st.integers(0, 6000), st.integers(0, 255))
@settings(deadline=None, max_examples=60)
def test_an_altered_workbook_is_rows_or_a_refusal(place: int, value: int) -> None:
    octets = bytearray(WORKBOOK)
    octets[place % len(octets)] = value
    found = outcome(xlsx_cells.examine, bytes(octets))
    assert not found or found.startswith(("table-", "rows-", "sheets-"))


WORKBOOK = good_workbook()


@given(st.binary(max_size=400), st.sampled_from([b"", b"\xff\xfe", b"\xef\xbb\xbf"]))
def test_any_octets_are_a_table_or_a_refusal(octets: bytes, mark: bytes) -> None:
    header = samples.HOLDERS.splitlines()[0]
    head = header.decode().encode("utf-16-le") + b"\n\0" if mark == b"\xff\xfe" else header + b"\n"
    assert outcome(read, mark + head + octets) in ("", "rows-missing", "encoding-unknown")
