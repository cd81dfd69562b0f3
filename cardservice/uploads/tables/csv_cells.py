"""The rows of a text table: comma, semicolon or tab between cells, as the first line shows."""

import csv
from collections.abc import Iterator
from typing import Final

from cardservice.domain.order_columns import Column
from cardservice.errors import Refusal
from cardservice.uploads.tables.cells import COLUMNS, ROWS, RawRow
from cardservice.uploads.tables.encodings import Encoding, decode_table

SEPARATORS: Final = (",", ";", "\t")
LINE_LENGTH: Final = 8_192  # characters; a row of the demonstration table has 260
_NAMES: Final = frozenset(column.value for column in Column)
BROKEN: Final = "quotes-wrong"
LONG: Final = "line-too-long"


def csv_rows(octets: bytes) -> tuple[list[RawRow], Encoding]:
    """Return all rows that hold anything, the line of column names first, and the encoding.

    A line whose quotation marks are wrong, or that is too long, is a row with that one fault.

    Raises:
        Refusal: ``encoding-unknown``, ``rows-too-many``.
    """
    text, encoding = decode_table(octets)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    separator = _separator(lines[0])
    rows = []
    for row in _rows(lines, separator):
        rows.append(row)
        if len(rows) > ROWS + 1:
            raise too_many_rows()
    return rows, encoding


def too_many_rows() -> Refusal:
    """Return the refusal of a table that is too long; nothing of it is taken."""
    sentence = f"The table has more than {ROWS} rows; send it in parts."
    return Refusal("rows-too-many", sentence, field="file")


def _separator(first: str) -> str:
    # The one that finds most of our names; a comma when none finds any, so the refusal is the
    # one about the names that are missing.
    return max(SEPARATORS, key=lambda one: len(_NAMES.intersection(_names(first, one))))


def _names(first: str, separator: str) -> list[str]:
    return [one.strip().strip('"') for one in first[:LINE_LENGTH].split(separator)]


def _rows(lines: list[str], separator: str) -> Iterator[RawRow]:
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_LENGTH:
            yield RawRow(number, (), ((0, LONG),))
            continue
        try:
            cells = next(csv.reader((line,), strict=True, delimiter=separator), [])
        except csv.Error:
            yield RawRow(number, (), ((0, BROKEN),))
            continue
        if any(cells):
            yield RawRow(number, tuple(cells[: COLUMNS + 1]))
