"""A cell of an uploaded table, and what no cell may hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from unicodedata import name

from cardservice.domain.texts import is_showable
from cardservice.errors import Refusal

ROWS: Final = 10_000  # of one upload, the line of column names not counted
COLUMNS: Final = 64  # ours and ones we ignore; as in domain.rows
CELL_LENGTH: Final = 1_000  # characters; an address has at most 300

_ALPHABET: Final = 26
# A spreadsheet program that opens an export of ours would compute these.
_FORMULA_STARTS: Final = "=@\t\r"
_SIGNS: Final = "+-"
_NUMERIC: Final = frozenset("0123456789 ()-.,")  # what may follow a sign: telephone numbers


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands in the file: its number as a person counts, and its cells.

    ``faults`` is for what only the format knows: column (from 0) → code of the refusal.
    """

    number: int
    cells: tuple[str, ...] = field(repr=False)
    faults: tuple[tuple[int, str], ...] = ()


def rows_from_json(rows: Sequence[Sequence[Any]]) -> list[RawRow]:
    """Return the rows of ``[number, cells, faults]``, the form in which a process hands them on."""
    return [
        RawRow(number, tuple(cells), tuple((column, code) for column, code in faults))
        for number, cells, faults in rows
    ]


_SENTENCES: Final = {
    "formula-cell": "Cell {place} holds a formula, or begins like one; put its value there.",
    "number-cell": "Cell {place} is a number, which loses leading zeros and long ends; "
    "format the column as text and type it again.",
    "error-cell": "Cell {place} holds an error of the spreadsheet.",
    "time-cell": "Cell {place} holds a time of day; a date or a text is wanted.",
    "cell-too-long": "Cell {place} holds more than {limit} characters.",
}


def place_of(column: int, row: int) -> str:
    """Return where a cell is, as a spreadsheet names it: column 0 of row 1 is ``A1``."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, _ALPHABET)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{row}"


def refusals_of(row: RawRow, header: Sequence[str]) -> tuple[Refusal, ...]:
    """Return what is wrong with the cells of a row as cells, each with its place."""
    found = [_refusal(code, row.number, column, header) for column, code in row.faults]
    known = {column for column, _ in row.faults}
    for column, text in enumerate(row.cells):
        if column not in known and (refusal := _judge(text, row.number, column, header)):
            found.append(refusal)
    return tuple(found)


def _judge(text: str, row: int, column: int, header: Sequence[str]) -> Refusal | None:
    if len(text) > CELL_LENGTH:
        return _refusal("cell-too-long", row, column, header)
    if is_formula(text):
        return _refusal("formula-cell", row, column, header)
    if is_showable(text):
        return None
    bad = next(one for one in text if not is_showable(one))
    words = f"the character {character_name(bad)}, which is invisible or turns text round"
    sentence = f"Cell {place_of(column, row)} holds {words}."
    return Refusal(hidden_code(bad), sentence, field=_field(column, header))


def hidden_code(character: str) -> str:
    """Return the refusal's code for a hidden character."""
    return "nul-character" if character == "\0" else "control-character"


def character_name(character: str) -> str:
    """Return code point and name of a character, for a person who cannot see it."""
    return f"U+{ord(character):04X} {name(character, '')}".rstrip()


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet would compute the text rather than show it."""
    start = text.lstrip(" \u00a0")
    if start[:1] in _SIGNS and start:
        return not _NUMERIC.issuperset(start[1:])
    return bool(start) and start[0] in _FORMULA_STARTS


def _refusal(code: str, row: int, column: int, header: Sequence[str]) -> Refusal:
    sentence = _SENTENCES[code].format(place=place_of(column, row), limit=CELL_LENGTH)
    return Refusal(code, sentence, field=_field(column, header))


def _field(column: int, header: Sequence[str]) -> str | None:
    return header[column] if column < len(header) else None
