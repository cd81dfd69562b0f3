"""Whole tables: the demonstration ones, and files that are no tables."""

import csv
import io
from collections.abc import Iterable
from datetime import date

import pytest

from cardservice.domain import rows
from cardservice.domain.order_row import RowRefused
from cardservice.domain.rows import (
    APPLICATIONS,
    LINE_LENGTH,
    ORDERS,
    Accepted,
    Refused,
    TableJudge,
    bounded_lines,
    read_rows,
)
from cardservice.errors import Refusal
from tests.shared import data
from tests.unit.domain.test_order_row import ROW

TODAY = date(2026, 11, 22)
HEADER, GOOD, OTHER, *_ = data("holders.csv").splitlines()


def read(*lines: bytes) -> list[Accepted | Refused]:
    return list(read_rows(lines, today=TODAY))


def refused(lines: Iterable[bytes]) -> str:
    with pytest.raises(Refusal) as refusal:
        read_rows(lines, today=TODAY)
    return refusal.value.code


def test_220_of_the_240_holders_may_have_a_card_with_a_chip() -> None:
    found = list(read_rows(bounded_lines(io.BytesIO(data("holders.csv"))), today=TODAY))
    codes = [one.codes for one in found if isinstance(one, Refused)]
    assert (len(found), len(codes)) == (240, 20)
    assert set(codes) == {("card-for-non-citizen",)}


def test_every_bad_row_comes_out_with_the_problem_it_has_and_no_other() -> None:
    octets = data("holders-bad.csv")
    expected = [row["problem"] for row in csv.DictReader(io.StringIO(octets.decode()))]
    found = list(read_rows(octets.splitlines(), today=TODAY))
    problems = ["+".join(one.codes) if isinstance(one, Refused) else "" for one in found]
    assert len(problems) == 18
    assert problems == expected


def test_rows_are_numbered_as_a_person_counts_in_the_file() -> None:
    found = read(HEADER, GOOD, b"", b",,,", OTHER)
    assert [one.row for one in found] == [2, 5]


def test_a_byte_order_mark_and_windows_line_ends_are_taken() -> None:
    (one,) = read(b"\xef\xbb\xbf" + HEADER + b"\r\n", GOOD + b"\r\n")
    assert isinstance(one, Accepted)


def test_columns_may_stand_in_any_order_and_others_are_ignored() -> None:
    (first,) = read(HEADER, GOOD)
    header, cells = HEADER.decode().split(","), next(csv.reader([GOOD.decode()]))
    quoted = ",".join(f'"{cell}"' for cell in [*reversed(cells), "mine"])
    (turned,) = read(",".join([*reversed(header), "note"]).encode(), quoted.encode())
    assert turned == first


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "header-missing"),
        ([b""], "column-missing"),
        ([HEADER.replace(b",", b";")], "column-missing"),
        ([HEADER.replace(b"patronymic", b"patronimic")], "column-missing"),
        ([HEADER + b",enp"], "column-repeated"),
        ([HEADER + b",x" * 60], "columns-too-many"),
        ([HEADER.decode().encode("utf-16")], "nul-character"),
        ([HEADER + b",\xd4"], "not-utf-8"),
        ([b"x" * (LINE_LENGTH + 1)], "line-too-long"),
        ([b'"' + HEADER], "quotes-wrong"),
    ],
)
def test_a_wrong_header_is_refused_at_once(lines: list[bytes], code: str) -> None:
    assert refused(lines) == code


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (GOOD + b"\x00", "nul-character"),
        (GOOD.decode().encode("cp1251"), "not-utf-8"),
        (GOOD + b" " * LINE_LENGTH, "line-too-long"),
        (GOOD + b",", "cells-wrong"),
        (GOOD.rpartition(b",")[0], "cells-wrong"),
        (GOOD.replace(b'"', b'"x"', 1), "quotes-wrong"),
        (GOOD + b',"', "quotes-wrong"),
    ],
)
def test_an_unreadable_row_is_refused_and_the_next_one_read(line: bytes, code: str) -> None:
    bad, good = read(HEADER, line, OTHER)
    assert isinstance(bad, Refused)
    assert bad.codes == (code,)
    assert isinstance(good, Accepted)
    assert good.row == 3


def test_a_second_row_with_the_same_number_names_the_first() -> None:
    first, second, third = read(HEADER, GOOD, OTHER, GOOD)
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert isinstance(third, Refused)
    assert third.codes == ("duplicate-enp",)
    assert "row 2" in third.refusals[0].sentence


def test_a_refused_row_keeps_its_number_taken_and_both_faults_are_named() -> None:
    faulty = GOOD.replace(b",M,", b",?,")
    first, second, third = read(HEADER, faulty, faulty, GOOD)
    assert isinstance(first, Refused)
    assert isinstance(second, Refused)
    assert isinstance(third, Refused)
    assert first.codes == ("sex-unknown",)
    assert second.codes == ("sex-unknown", "duplicate-enp")
    assert third.codes == ("duplicate-enp",)


def test_a_table_without_end_is_left_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "LINES", 3)
    found = read_rows([HEADER, GOOD, OTHER, b""], today=TODAY)
    assert [next(found).row, next(found).row] == [2, 3]
    with pytest.raises(Refusal) as refusal:
        next(found)
    assert refusal.value.code == "table-too-long"


def test_of_a_line_without_end_only_the_beginning_is_kept() -> None:
    file = io.BytesIO(b"short\n" + b"x" * (5 * LINE_LENGTH) + b"\nlast")
    lines = list(bounded_lines(file))
    assert [len(line) for line in lines] == [6, LINE_LENGTH + 1, 4]
    assert lines[-1] == b"last"


def test_no_refusal_quotes_what_a_cell_holds() -> None:
    octets = data("holders-bad.csv")
    names = {row["surname"] for row in csv.DictReader(io.StringIO(octets.decode()))} - {""}
    faults = (one for one in read_rows(octets.splitlines(), today=TODAY))
    sentences = " ".join(
        refusal.sentence for one in faults if isinstance(one, Refused) for refusal in one.refusals
    )
    assert sentences
    assert not any(name in sentences for name in names)


def judged(*rows: dict[str, str]) -> list[str]:
    """Return the codes of the last of ``rows``, which are changes of a good row."""
    columns = list(ROW)
    judge = TableJudge(columns, APPLICATIONS, today=TODAY)
    found: list[str] = []
    for number, changes in enumerate(rows, 2):
        try:
            judge.take(number, list((ROW | changes).values()))
            found = []
        except RowRefused as refused:
            found = [one.code for one in refused.refusals]
    return found


def test_in_a_table_of_applications_a_snils_stands_once_however_it_is_written() -> None:
    other = {"enp": "", "snils": "11223344595"}
    assert judged({}, other) == ["duplicate-snils"]
    assert judged({}, {"enp": "", "snils": ""}, {"enp": "", "snils": ""}) == []
    assert judged({}, {}) == ["duplicate-enp", "duplicate-snils"]


def test_a_wrong_row_keeps_its_snils_taken() -> None:
    assert judged({"surname": ""}, {"enp": ""}) == ["duplicate-snils"]


def test_a_table_of_applications_may_leave_columns_out_and_one_of_orders_may_not() -> None:
    columns = [one for one in ROW if one not in ("enp", "insurance_start", "channel")]
    made = TableJudge(columns, APPLICATIONS, today=TODAY).take(2, [ROW[one] for one in columns])
    assert made.person.surname == ROW["surname"]
    with pytest.raises(Refusal) as refused:
        TableJudge(columns, ORDERS, today=TODAY)
    assert (refused.value.code, refused.value.field) == ("column-missing", "channel")
