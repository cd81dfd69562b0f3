"""How chip serials are typed and printed: 16 hexadecimal digits, as on the label of a box."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click
from typing_extensions import override

from cardservice.errors import UsageError
from cardservice.personalization.blanks import serial_text
from cardservice.personalization.recovery_blanks import SerialRange

_HEX: Final = 16
_DIGITS: Final = re.compile(r"[0-9A-Fa-f]{16}")
_LINE: Final = re.compile(r"([0-9A-Fa-f]{16})(?:\s*-\s*([0-9A-Fa-f]{16}))?")
_COMMENT: Final = "#"
LONGEST_LINE: Final = 200  # characters; a longer one is no list of chip serials


class ChipSerial(click.ParamType[int]):
    """A chip serial; its value is the number."""

    name = "chip serial"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        if isinstance(value, int):
            return value
        if not isinstance(value, str) or not _DIGITS.fullmatch(value):
            self.fail("a chip serial has 16 hexadecimal digits", param, ctx)
        return int(value, _HEX)


CHIP: Final = ChipSerial()


def read_serials(path: Path) -> Iterator[SerialRange]:
    """Yield the serials of a file: one a line, or a range FIRST-LAST; # begins a comment.

    Raises:
        UsageError: a line is neither, with its number.
    """
    with path.open(encoding="utf-8", errors="replace") as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            text = line.partition(_COMMENT)[0].strip()
            if text:
                yield _range_in(text, f"{path}, line {number}")


def ranges_json(ranges: Sequence[SerialRange]) -> list[dict[str, str]]:
    """Return ranges as JSON members."""
    return [{"first": serial_text(first), "last": serial_text(last)} for first, last in ranges]


def _range_in(text: str, where: str) -> SerialRange:
    found = _LINE.fullmatch(text)
    if found is None:
        raise UsageError(f"{where}: no chip serial of 16 hexadecimal digits, nor FIRST-LAST")
    first = int(found[1], _HEX)
    last = first if found[2] is None else int(found[2], _HEX)
    if last < first:
        raise UsageError(f"{where}: the range goes from the higher to the lower")
    return first, last
