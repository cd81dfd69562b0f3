"""The rows of an XLSX, read in the process apart (``apart``) after its parts were judged.

Source: ECMA-376 part 1, 18.3 (worksheets).
"""

import io
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any, Final

import openpyxl

from cardservice.errors import Refusal
from cardservice.uploads.tables.cells import CELL_LENGTH, COLUMNS, ROWS, RawRow
from cardservice.uploads.tables.csv_cells import too_many_rows
from cardservice.uploads.tables.xlsx_archive import damaged, open_archive
from cardservice.uploads.tables.xlsx_parts import LAST_ROW, require_plain_parts

_FAULTY: Final = {"f": "formula-cell", "e": "error-cell"}
_MIDNIGHT: Final = time()


def examine(octets: bytes) -> list[list[Any]]:
    """Return ``[number, cells, faults]`` of every row that holds anything, as JSON has it.

    Raises:
        Refusal: ``table-…``, ``rows-too-many``, ``sheets-many``.
    """
    archive = open_archive(octets)
    require_plain_parts(archive)
    try:
        book = openpyxl.load_workbook(io.BytesIO(octets), read_only=True, keep_links=False)
        sheets = book.worksheets
        rows = [list(_plain(one)) for one in _rows(sheets[0])]
        others = any(_is_used(one) for one in sheets[1:])
    except Refusal:
        raise
    # The library trusts what it reads: a wrong part ends in whatever error its use brings.
    except Exception:  # noqa: BLE001
        raise damaged() from None
    if others:
        sentence = "More than one sheet of the table holds something; send one sheet a file."
        raise Refusal("sheets-many", sentence, field="file")
    return rows


def _plain(row: RawRow) -> tuple[Any, ...]:
    return row.number, row.cells, row.faults


def _rows(sheet: Any) -> Iterator[RawRow]:
    found = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=COLUMNS + 1, max_row=LAST_ROW), 1):
        row = _row(number, cells)
        if any(row.cells) or row.faults:
            found += 1
            yield row
        if found > ROWS + 1:
            raise too_many_rows()


def _row(number: int, cells: tuple[Any, ...]) -> RawRow:
    texts, faults = [], []
    for column, cell in enumerate(cells):
        text, fault = _text(cell)
        texts.append(text)
        if fault:
            faults.append((column, fault))
    while texts and not texts[-1]:
        texts.pop()
    return RawRow(number, tuple(texts), tuple(faults))


def _text(cell: Any) -> tuple[str, str]:
    """Return the text of a cell and the code of its fault, of which one is empty."""
    if cell.data_type in _FAULTY:
        return "", _FAULTY[cell.data_type]
    match cell.value:
        case None:
            return "", ""
        case str(text):
            # One character more than allowed shows that it is too long.
            return text[: CELL_LENGTH + 1], ""
        case datetime() as moment if moment.time() == _MIDNIGHT:
            return moment.date().isoformat(), ""
        case int() | float():
            return "", "number-cell"
        case _:
            return "", "time-cell"


def _is_used(sheet: Any) -> bool:
    # What a sheet says of its own size is not believed.
    sheet.reset_dimensions()
    return any(any(row) for row in sheet.iter_rows(max_row=LAST_ROW, values_only=True))
