"""A whole uploaded table: what became of each row, and how to know it again."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Final

from cardservice.domain.rows import Accepted, Refused, read_rows
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
    """A row to be taken: its order, and the fingerprint under which it is taken once."""

    accepted: Accepted
    fingerprint: str

    @property
    def row(self) -> int:
        """Its number as a person counts in the file."""
        return self.accepted.row


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
    """Return what became of every row; one bad row never spoils another.

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
        raise Refusal("file-too-large", "The file is too large for a table.", field="file")
    form, raw = _raw_rows(octets)
    if not raw:
        raise Refusal("header-missing", "The file is empty; its first line names the columns.")
    header = _header(raw[0])
    rows = tuple(_judged(raw[1:], header, today, fingerprints))
    if not rows:
        raise Refusal("rows-missing", "The table has column names and no rows.", field="file")
    return UploadedTable(form, rows)


def _raw_rows(octets: bytes) -> tuple[str, list[RawRow]]:
    if octets.startswith(xlsx_archive.START):
        rows = rows_from_json(examine_apart(Task.XLSX, octets))
        return "xlsx", [_filled(row, len(rows[0].cells)) for row in rows]
    if octets.startswith((_COMPOUND_FILE, pdf_frame.START)):
        sentence = "The file is no table in CSV or XLSX without a password, whatever its name says."
        raise Refusal("table-kind", sentence, field="file")
    rows, encoding = csv_cells.csv_rows(octets)
    return encoding.value, rows


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
    spoilt = {row.number: found for row in raw if (found := _faults(row, header))}
    whole = {row.number: row for row in raw if row.number not in spoilt}
    verdicts = _by_domain(whole, header, today)
    for row in raw:
        if row.number in spoilt:
            yield Refused(row.number, spoilt[row.number])
            continue
        verdict = verdicts.get(row.number)
        if isinstance(verdict, Accepted):
            yield Good(verdict, fingerprints.of(dict(zip(header, row.cells, strict=False))))
        elif verdict is not None:
            yield verdict


def _faults(row: RawRow, header: tuple[str, ...]) -> tuple[Refusal, ...]:
    lines = [Refusal(code, _LINE_FAULTS[code]) for _, code in row.faults if code in _LINE_FAULTS]
    return tuple(lines) or refusals_of(row, header)


def _by_domain(
    rows: Mapping[int, RawRow], header: tuple[str, ...], today: date
) -> dict[int, Accepted | Refused]:
    # The domain judges lines; each good row becomes one, all others an empty one, so that its
    # numbers are those of the file.
    last = max(rows, default=1)
    numbers = range(2, last + 1)
    lines = (_csv_line(rows[one].cells) if one in rows else b"" for one in numbers)
    found = read_rows(chain((_csv_line(header),), lines), today=today)
    return {one.row: one for one in found}


def _csv_line(cells: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue().encode()
