"""A whole uploaded table: what became of each row, and how to know it again."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from cardservice.domain.application import Application
from cardservice.domain.order_row import RowRefused
from cardservice.domain.rows import APPLICATIONS, Refused, TableJudge
from cardservice.errors import Refusal
from cardservice.uploads import pdf_frame
from cardservice.uploads.apart import Task, examine_apart
from cardservice.uploads.receiving import TABLE_OCTETS
from cardservice.uploads.tables import csv_cells, xlsx_archive
from cardservice.uploads.tables.cells import (
    RawRow,
    character_name,
    hidden_code,
    place_of,
    refusals_of,
    rows_from_json,
)
from cardservice.uploads.tables.fingerprints import RowFingerprints

# Old XLS files and encrypted XLSX files are compound files: [MS-CFB], 2.2.
_COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LINE_FAULTS: Final = {
    csv_cells.BROKEN: "A quotation mark is not closed in the same line, or stands inside a cell.",
    csv_cells.LONG: f"The line is longer than {csv_cells.LINE_LENGTH} characters.",
}


@dataclass(frozen=True, slots=True)
class Good:
    """A row to be taken.

    Attributes:
        row: its number as a person counts in the file.
        application: what it asks for; whether the person consents stands in no row.
        fingerprint: under which it is taken once.
    """

    row: int
    application: Application = field(repr=False)
    fingerprint: str


@dataclass(frozen=True, slots=True)
class UploadedTable:
    """What an upload came to, rows in its order; ``form`` is an encoding or ``xlsx``."""

    form: str
    rows: tuple[Good | Refused, ...]

    @property
    def good(self) -> tuple[Good, ...]:
        """The rows to be taken."""
        return tuple(one for one in self.rows if isinstance(one, Good))

    @property
    def refused(self) -> tuple[Refused, ...]:
        """The rows that are not, each with all that is wrong with it."""
        return tuple(one for one in self.rows if isinstance(one, Refused))


def read_table(octets: bytes, *, today: date, fingerprints: RowFingerprints) -> UploadedTable:
    """Return what became of every row as an application; one bad row never spoils another.

    Args:
        octets: the file, whatever its name or declared type.
        today: the day on which the rows are judged.
        fingerprints: of the sender.

    Raises:
        Refusal: nothing of the file is taken: ``file-too-large``, ``table-kind``, ``table-…``,
            ``encoding-unknown``, ``rows-too-many``, ``sheets-many``, ``rows-missing``, what
            ``domain.rows`` says of a wrong header, or a hidden character in it.
    """
    if len(octets) > TABLE_OCTETS:
        raise _too_large()
    form, raw = _raw_rows(octets)
    if not raw:
        raise Refusal("header-missing", "The file is empty; its first line names the columns.")
    header = _header(raw[0])
    rows = tuple(_judged(raw[1:], header, today, fingerprints))
    if not rows:
        raise Refusal("rows-missing", "The table has column names and no rows.", field="file")
    return UploadedTable(form, rows)


def raw_rows(octets: bytes) -> list[RawRow]:
    """Return the rows of a file as they stand in it, the line of column names first.

    Raises:
        Refusal: as ``read_table`` says of a file that is no table, or too large.
    """
    if len(octets) > TABLE_OCTETS:
        raise _too_large()
    return _raw_rows(octets)[1]


def _raw_rows(octets: bytes) -> tuple[str, list[RawRow]]:
    if octets.startswith(xlsx_archive.START):
        rows = rows_from_json(examine_apart(Task.XLSX, octets))
        return "xlsx", [_filled(row, len(rows[0].cells)) for row in rows]
    if octets.startswith((_COMPOUND_FILE, pdf_frame.START)):
        sentence = "The file is no table in CSV or XLSX without a password, whatever its name says."
        raise Refusal("table-kind", sentence, field="file")
    rows, encoding = csv_cells.csv_rows(octets)
    return encoding.value, rows


def _too_large() -> Refusal:
    return Refusal("file-too-large", "The file is too large for a table.", field="file")


def _filled(row: RawRow, width: int) -> RawRow:
    # A spreadsheet does not keep empty cells at the end of a row.
    return replace(row, cells=(*row.cells, *("",) * (width - len(row.cells))))


def _header(row: RawRow) -> tuple[str, ...]:
    for _, code in row.faults:
        raise Refusal(code, _LINE_FAULTS.get(code, "A column name is no text."), field="file")
    for column, text in enumerate(row.cells):
        hidden = next((one for one in text if not one.isprintable()), None)
        if hidden is not None:
            sentence = f"Cell {place_of(column, row.number)} holds {character_name(hidden)}."
            raise Refusal(hidden_code(hidden), sentence, field="file")
    return tuple(one.strip() for one in row.cells)


def _judged(
    raw: list[RawRow], header: tuple[str, ...], today: date, fingerprints: RowFingerprints
) -> Iterator[Good | Refused]:
    judge = TableJudge(header, APPLICATIONS, today=today)
    for row in raw:
        if spoilt := _faults(row, header):
            yield Refused(row.number, spoilt)
        elif any(row.cells):
            yield _verdict(row, header, judge, fingerprints)


def _verdict(
    row: RawRow,
    header: tuple[str, ...],
    judge: TableJudge[Application],
    fingerprints: RowFingerprints,
) -> Good | Refused:
    try:
        application = judge.take(row.number, row.cells)
    except RowRefused as refused:
        return Refused(row.number, refused.refusals)
    return Good(row.number, application, fingerprints.of(dict(zip(header, row.cells, strict=True))))


def _faults(row: RawRow, header: tuple[str, ...]) -> tuple[Refusal, ...]:
    lines = [Refusal(code, _LINE_FAULTS[code]) for _, code in row.faults if code in _LINE_FAULTS]
    return tuple(lines) or refusals_of(row, header)
