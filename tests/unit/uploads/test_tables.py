"""Tables of people as employers send them: every form, every row once."""

import csv
import io
from datetime import date, datetime

import pytest

from cardservice.domain.application_row import parse_application
from cardservice.errors import Refusal
from cardservice.keystores.software_keys import AesKey
from cardservice.uploads.tables.cells import place_of
from cardservice.uploads.tables.encodings import decode_table, reads_like_russian
from cardservice.uploads.tables.fingerprints import RowFingerprints
from cardservice.uploads.tables.reading import UploadedTable, read_table
from tests.shared import data
from tests.unit.uploads import samples

TODAY = date(2026, 11, 22)
SECRET = AesKey(bytes(range(32)))
PRINTS = RowFingerprints(SECRET, sender="employer-1")


def read(octets: bytes, prints: RowFingerprints = PRINTS) -> UploadedTable:
    return read_table(octets, today=TODAY, fingerprints=prints)


def prints_of(octets: bytes) -> list[str]:
    return [one.fingerprint for one in read(octets).good]


def test_people_of_all_categories_can_apply_but_a_child_with_a_passport() -> None:
    table = read(samples.HOLDERS)
    rows = dict(enumerate(csv.DictReader(io.StringIO(samples.HOLDERS.decode())), 2))
    (child,) = table.refused
    assert (child.codes, rows.pop(child.row)["birth_date"]) == (MISFIT, "2012-12-02")
    expected = {number: parse_application(row, today=TODAY) for number, row in rows.items()}
    assert {one.row: one.application for one in table.good} == expected
    assert (table.form, len(expected)) == ("utf-8", 239)


MISFIT = ("document-unlike-category",)


# What a table of orders is refused for and one of applications is not: the first day of the
# insurance does not count, and paper is for everybody. A SNILS stands in one row only.
OTHERWISE = {
    13: "okato-length+document-unlike-category",
    14: "document-unlike-category",
    17: None,
    18: "duplicate-snils",
    19: "duplicate-enp+duplicate-snils",
}


def test_every_bad_row_keeps_its_number_and_its_problem() -> None:
    octets = data("holders-bad.csv")
    problems = [row["problem"] for row in csv.DictReader(io.StringIO(octets.decode()))]
    orders = dict(enumerate(problems, 2))
    expected = {number: one for number, one in (orders | OTHERWISE).items() if one}
    assert {one.row: "+".join(one.codes) for one in read(octets).refused} == expected


def test_a_table_of_applications_needs_no_numbers_days_and_ways() -> None:
    header, *rows = samples.table_cells(5)
    left = [header.index(one) for one in header if one not in LEFT_OUT]
    bare = samples.as_csv([[row[one] for one in left] for row in (header, *rows)])
    empty = [
        ["" if name in LEFT_OUT else row[at] for at, name in enumerate(header)] for row in rows
    ]
    assert prints_of(bare) == prints_of(samples.as_csv([header, *empty]))
    assert [one.application.person.enp for one in read(bare).good] == [""] * 5


LEFT_OUT = {"enp", "insurance_start", "channel"}


def test_a_good_row_does_not_print_its_person() -> None:
    first = read(samples.HOLDERS).good[0]
    assert first.application.person.surname not in repr(first)


FORMS = {
    "utf-8 with mark": lambda cells: b"\xef\xbb\xbf" + samples.as_csv(cells),
    "semicolons": lambda cells: samples.as_csv(cells, ";"),
    "tabs": lambda cells: samples.as_csv(cells, "\t"),
    "utf-16": lambda cells: samples.as_csv(cells, "\t").decode().encode("utf-16"),
    "utf-16-be": lambda cells: b"\xfe\xff" + samples.as_csv(cells).decode().encode("utf-16-be"),
    "utf-16-le bare": lambda cells: samples.as_csv(cells).decode().encode("utf-16-le"),
    "utf-16-be bare": lambda cells: samples.as_csv(cells).decode().encode("utf-16-be"),
    "windows-1251": lambda cells: samples.as_csv(cells, ";").decode().encode("windows-1251"),
    "old line ends": lambda cells: samples.as_csv(cells).replace(b"\r\n", b"\r"),
    "turned columns": lambda cells: samples.as_csv([row[::-1] for row in cells]),
    "a column more": lambda cells: samples.as_csv([[*row, "mine"] for row in cells]),
    "blanks around": lambda cells: samples.as_csv([[f" {one} " for one in row] for row in cells]),
    "empty lines": lambda cells: b"\r\n".join(samples.as_csv(cells).split(b"\r\n")) + b"\r\n" * 5,
    "xlsx": samples.as_xlsx,
}


@pytest.mark.parametrize("form", FORMS)
def test_a_table_in_any_form_has_the_same_rows_with_the_same_fingerprints(form: str) -> None:
    cells = samples.table_cells(5)
    assert prints_of(FORMS[form](cells)) == prints_of(samples.as_csv(cells))
    assert len(prints_of(FORMS[form](cells))) == 5


def test_ten_thousand_rows_with_three_hundred_bad_ones_give_the_good_ones_once() -> None:
    header, first, *_ = samples.table_cells(1)
    column = header.index("enp")
    rows = [[*first[:column], _enp(number), *first[column + 1 :]] for number in range(10_000)]
    for number in range(300):
        rows[number * 33][header.index("surname")] = ""
    table = read(samples.as_csv([header, *rows]))
    again = read(samples.as_csv([header, *reversed(rows)], ";"))
    taken = {one.fingerprint for one in (*table.good, *again.good)}
    assert (len(table.good), len(table.refused), len(taken)) == (9_700, 300, 9_700)
    assert table.refused[1].row == 35


def _enp(number: int) -> str:
    digits = f"00{number:013d}"
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return digits + str(-total % 10)


def test_a_fingerprint_changes_with_any_cell_of_ours_and_with_the_sender() -> None:
    cells = samples.table_cells(1)
    row = dict(zip(cells[0], cells[1], strict=True))
    made = {PRINTS.of(row), RowFingerprints(SECRET, sender="employer-2").of(row)}
    made |= {PRINTS.of({**row, name: row[name] + "1"}) for name in row}
    assert len(made) == 2 + len(row)
    assert PRINTS.of({**row, "theirs": "x"}) == PRINTS.of(row)


def test_a_fingerprint_does_not_let_a_text_move_to_the_next_cell() -> None:
    assert PRINTS.of({"surname": "ab", "given_name": "c"}) != PRINTS.of(
        {"surname": "a", "given_name": "bc"}
    )


def test_a_name_typed_in_two_normal_forms_is_one_fingerprint() -> None:
    assert PRINTS.of({"surname": "Йод"}) == PRINTS.of({"surname": "И\u0306од"})


def test_nobody_without_the_key_can_try_out_whose_fingerprint_it_is() -> None:
    other = RowFingerprints(AesKey(bytes(32)), sender="employer-1")
    assert other.of({"surname": "a"}) != PRINTS.of({"surname": "a"})


def test_real_dates_in_a_workbook_are_taken_as_dates() -> None:
    header, row = samples.table_cells(1)
    column = header.index("birth_date")
    typed: list[object] = [*row]
    typed[column] = datetime.fromisoformat(row[column])
    assert prints_of(samples.as_xlsx([header, typed])) == prints_of(samples.as_csv([header, row]))


def test_cells_are_named_as_a_spreadsheet_names_them() -> None:
    places = [place_of(column, 7) for column in (0, 25, 26, 51, 52, 701, 702)]
    assert places == ["A7", "Z7", "AA7", "AZ7", "BA7", "ZZ7", "AAA7"]


@pytest.mark.parametrize("encoding", ["cp866", "koi8-r", "mac-cyrillic"])
def test_russian_in_an_old_encoding_is_refused_rather_than_read_wrongly(encoding: str) -> None:
    octets = samples.as_csv(samples.table_cells(5)).decode().encode(encoding, "replace")
    with pytest.raises(Refusal) as refusal:
        decode_table(octets)
    assert refusal.value.code == "encoding-unknown"


def test_the_demonstration_names_read_like_russian() -> None:
    assert reads_like_russian("Иванов-Петров Ёлка, гор. Ленинград № 5")
    assert not reads_like_russian("иВАНОВ пЕТР ЮкЛА")
    assert not reads_like_russian("Ў¤®ў ЏҐва Ћ«Ґ")
