"""A whole table of orders as an employer uploads it: comma-separated, UTF-8, one row a line."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO, Final

from cardservice.domain.numbers import ENP_DIGITS
from cardservice.domain.order_columns import Column, Row, cell
from cardservice.domain.order_row import RowRefused, parse_row, warnings_of
from cardservice.domain.orders import PolicyOrder
from cardservice.errors import Refusal

# Bounds against a file that never ends; a row of the demonstration table has 350 octets.
LINE_LENGTH: Final = 8_192  # octets
LINES: Final = 100_000
COLUMNS: Final = 64  # of the header, ours and ones we ignore

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_REQUIRED: Final = frozenset(column.value for column in Column)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A good row: its number as a person counts in the file (the header is 1), and its order."""

    row: int
    order: PolicyOrder
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A bad row: its number as a person counts in the file, and all that is wrong with it."""

    row: int
    refusals: tuple[Refusal, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The refusals' codes, in the order of the refusals."""
        return tuple(refusal.code for refusal in self.refusals)


@dataclass(slots=True)
class _Table:
    header: list[str]
    today: date
    seen: dict[str, int] = field(default_factory=dict)  # policy number → the row that has it


def read_rows(lines: Iterable[bytes], *, today: date) -> Iterator[Accepted | Refused]:
    """Return an iterator over what became of each row; lines without any text are left out.

    The header is judged at once, the rows as they are asked for.

    Args:
        lines: the file's lines with or without their ends; give an opened file through
            ``bounded_lines``, so that a line that never ends does not fill the memory.
        today: the day on which the rows are judged.

    Raises:
        Refusal: the header is wrong (``header-missing``, ``column-missing``,
            ``column-repeated``, ``columns-too-many``) or cannot be read (``line-too-long``,
            ``not-utf-8``, ``nul-character``, ``quotes-wrong``: in a later line these, and
            ``cells-wrong``, refuse that row only); while iterating, ``table-too-long``.
    """
    numbered = enumerate(lines, 1)
    number, first = next(numbered, (0, b""))
    if not number:
        raise Refusal("header-missing", "The file is empty; its first line names the columns.")
    header = [one.strip() for one in _cells(first.removeprefix(_BYTE_ORDER_MARK))]
    _check_header(header)
    return _rows(numbered, _Table(header, today))


def bounded_lines(file: BinaryIO) -> Iterator[bytes]:
    """Return an iterator over the lines of ``file``; of an overlong one only its beginning."""
    while line := file.readline(LINE_LENGTH + 1):
        yield line
        while len(line) > LINE_LENGTH and not line.endswith(b"\n"):
            line = file.readline(LINE_LENGTH + 1)


def _check_header(header: list[str]) -> None:
    if len(header) > COLUMNS:
        raise Refusal("columns-too-many", f"The first line names more than {COLUMNS} columns.")
    missing = sorted(_REQUIRED.difference(header))
    if missing:
        sentence = (
            "The first line does not name these columns, separated by commas: "
            f"{', '.join(missing)}."
        )
        raise Refusal("column-missing", sentence, field=missing[0])
    repeated = sorted(one for one in _REQUIRED if header.count(one) > 1)
    if repeated:
        sentence = f"The first line names these columns twice: {', '.join(repeated)}."
        raise Refusal("column-repeated", sentence, field=repeated[0])


def _rows(numbered: Iterable[tuple[int, bytes]], table: _Table) -> Iterator[Accepted | Refused]:
    for number, line in numbered:
        if number > LINES:
            raise Refusal("table-too-long", f"The file has more than {LINES} lines; split it.")
        try:
            cells = _cells(line)
            if any(cells):
                order = _order(cells, table, number)
                yield Accepted(number, order, warnings_of(order))
        except RowRefused as refused:
            yield Refused(number, refused.refusals)
        except Refusal as refusal:
            yield Refused(number, (refusal,))


def _order(cells: list[str], table: _Table, number: int) -> PolicyOrder:
    if len(cells) != len(table.header):
        sentence = f"The row has {len(cells)} cells; the first line has {len(table.header)}."
        raise Refusal("cells-wrong", sentence)
    row: Row = dict(zip(table.header, cells, strict=True))
    repeated = _repeated_number(row, table, number)
    try:
        order = parse_row(row, today=table.today)
    except RowRefused as refused:
        raise RowRefused((*refused.refusals, *repeated)) from None
    if repeated:
        raise RowRefused(repeated)
    return order


def _repeated_number(row: Row, table: _Table, number: int) -> tuple[Refusal, ...]:
    # A refused row keeps its number taken: which of the two rows was meant, a person must say.
    enp = cell(row, Column.ENP)
    first = table.seen.setdefault(enp, number) if len(enp) == ENP_DIGITS else number
    if first == number:
        return ()
    sentence = f"The policy number stands in row {first} already."
    return (Refusal("duplicate-enp", sentence, field=Column.ENP.value),)


def _cells(line: bytes) -> list[str]:
    # One line is one row, so a quotation mark that is never closed spoils its own row only.
    text = _text(line).rstrip("\r\n")
    try:
        return next(csv.reader((text,), strict=True), [])
    except csv.Error:
        sentence = "A quotation mark is not closed in the same line, or stands inside a cell."
        raise Refusal("quotes-wrong", sentence) from None


def _text(line: bytes) -> str:
    if len(line) > LINE_LENGTH:
        raise Refusal("line-too-long", f"The line is longer than {LINE_LENGTH} octets.")
    if b"\x00" in line:
        raise Refusal("nul-character", "The line holds a NUL: this is no text file in UTF-8.")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        sentence = "The line is not UTF-8; save the table as CSV in UTF-8."
        raise Refusal("not-utf-8", sentence) from None
