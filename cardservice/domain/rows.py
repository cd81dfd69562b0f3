"""Whole tables of people: orders for the station, applications for the office.

``read_rows`` reads a table of orders: comma-separated, UTF-8, one row a line. ``TableJudge`` judges
the rows of a table of either kind, whatever file they stand in.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final, Generic, TypeVar

from cardservice.domain.application import Application
from cardservice.domain.application_row import parse_application
from cardservice.domain.numbers import ENP_DIGITS, format_snils
from cardservice.domain.order_columns import Column, Row, cell
from cardservice.domain.order_row import RowRefused, parse_row, warnings_of
from cardservice.domain.orders import PolicyOrder
from cardservice.errors import Refusal

# Bounds against a file that never ends; a row of the demonstration table has 350 octets.
LINE_LENGTH: Final = 8_192  # octets
LINES: Final = 100_000
COLUMNS: Final = 64  # of the header, ours and ones we ignore

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
T = TypeVar("T")


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


@dataclass(frozen=True, slots=True)
class Purpose(Generic[T]):
    """What a table is for.

    Attributes:
        read: row and day → what the row asks for; raises RowRefused.
        optional: columns that the first line need not name.
        once: columns whose value no second row may have, and what makes of a cell the one form
            of its value; None: it is none.
    """

    read: Callable[[Row, date], T]
    once: Mapping[Column, Callable[[str], str | None]]
    optional: frozenset[Column] = frozenset()


def _enp(text: str) -> str | None:
    return text if len(text) == ENP_DIGITS else None


ORDERS: Final[Purpose[PolicyOrder]] = Purpose(
    lambda row, today: parse_row(row, today=today), once={Column.ENP: _enp}
)
"""For the station: a card for each row."""

APPLICATIONS: Final[Purpose[Application]] = Purpose(
    lambda row, today: parse_application(row, today=today),
    # Who has no policy number yet is known by the SNILS.
    once={Column.ENP: _enp, Column.SNILS: format_snils},
    optional=frozenset({Column.ENP, Column.INSURANCE_START, Column.CHANNEL}),
)
"""For the office: an application for a first policy for each row."""


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
    return _rows(numbered, TableJudge(header, ORDERS, today=today))


def bounded_lines(file: BinaryIO) -> Iterator[bytes]:
    """Return an iterator over the lines of ``file``; of an overlong one only its beginning."""
    while line := file.readline(LINE_LENGTH + 1):
        yield line
        while len(line) > LINE_LENGTH and not line.endswith(b"\n"):
            line = file.readline(LINE_LENGTH + 1)


class TableJudge(Generic[T]):
    """Judges the rows of one table, one after the other.

    Args:
        header: the names in the first line.
        purpose: what the table is for.
        today: the day on which the rows are judged.

    Raises:
        Refusal: ``column-missing``, ``column-repeated``, ``columns-too-many``.
    """

    def __init__(self, header: Sequence[str], purpose: Purpose[T], *, today: date) -> None:
        _check_header(header, purpose.optional)
        self._header = header
        self._purpose = purpose
        self._today = today
        self._seen: dict[tuple[Column, str], int] = {}  # value → the row that has it

    def take(self, number: int, cells: Sequence[str]) -> T:
        """Return what a row asks for.

        Args:
            number: the row's, as a person counts in the file.
            cells: as typed.

        Raises:
            RowRefused: something is wrong with it; all of it is named.
        """
        if len(cells) != len(self._header):
            sentence = f"The row has {len(cells)} cells; the first line has {len(self._header)}."
            raise RowRefused([Refusal("cells-wrong", sentence)])
        row: Row = dict(zip(self._header, cells, strict=True))
        repeated = tuple(self._repeated(row, number))
        try:
            taken = self._purpose.read(row, self._today)
        except RowRefused as refused:
            raise RowRefused((*refused.refusals, *repeated)) from None
        if repeated:
            raise RowRefused(repeated)
        return taken

    def _repeated(self, row: Row, number: int) -> Iterator[Refusal]:
        # A refused row keeps its number taken: which of two rows was meant, a person must say.
        for column, form in self._purpose.once.items():
            value = form(cell(row, column))
            first = number if value is None else self._seen.setdefault((column, value), number)
            if first != number:
                yield _duplicate(column, first)


def _duplicate(column: Column, first: int) -> Refusal:
    if column is Column.ENP:
        sentence = f"The policy number stands in row {first} already."
        return Refusal("duplicate-enp", sentence, field=column.value)
    sentence = f"The SNILS stands in row {first} already."
    return Refusal("duplicate-snils", sentence, field=column.value)


def _check_header(header: Sequence[str], optional: frozenset[Column]) -> None:
    if len(header) > COLUMNS:
        raise Refusal("columns-too-many", f"The first line names more than {COLUMNS} columns.")
    missing = sorted(one.value for one in Column if one not in optional and one not in header)
    if missing:
        sentence = (
            "The first line does not name these columns, separated by commas: "
            f"{', '.join(missing)}."
        )
        raise Refusal("column-missing", sentence, field=missing[0])
    repeated = sorted(one.value for one in Column if header.count(one) > 1)
    if repeated:
        sentence = f"The first line names these columns twice: {', '.join(repeated)}."
        raise Refusal("column-repeated", sentence, field=repeated[0])


def _rows(
    numbered: Iterable[tuple[int, bytes]], judge: TableJudge[PolicyOrder]
) -> Iterator[Accepted | Refused]:
    for number, line in numbered:
        if number > LINES:
            raise Refusal("table-too-long", f"The file has more than {LINES} lines; split it.")
        try:
            cells = _cells(line)
            if any(cells):
                order = judge.take(number, cells)
                yield Accepted(number, order, warnings_of(order))
        except RowRefused as refused:
            yield Refused(number, refused.refusals)
        except Refusal as refusal:
            yield Refused(number, (refusal,))


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
