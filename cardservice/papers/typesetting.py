"""Texts into lines: wrapped, shrunk within a bound, or refused; never cut."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cardservice.errors import Refusal
from cardservice.papers.fonts import PaperFonts, Typeface
from cardservice.papers.scene import Words

LEADING: Final = 1.3  # from baseline to baseline, in parts of the size
ASCENT: Final = 0.95  # from the top of a block to its first baseline; Cyrillic capitals with marks
_STEP: Final = 0.1  # millimetres between the sizes tried: less than an eye tells apart
_WORD: Final = re.compile(r"[^ -]*-+|[^ -]+| +")


@dataclass(frozen=True, slots=True)
class Run:
    """A text to be set in lines of its own."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """The place for a text, in millimetres, and the sizes it may have there."""

    width: float
    height: float
    largest: float
    smallest: float


def wrap(text: str, face: Typeface, *, size: float, width: float) -> tuple[str, ...]:
    """Return ``text`` in lines at most ``width`` wide, broken at blanks and after hyphens.

    A word wider than a whole line is broken anywhere, without adding a hyphen that is not its.
    """
    lines, line = list[str](), ""
    for piece in _pieces(text, face, size=size, width=width):
        if line and face.width((line + piece).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return (*lines, line.rstrip())


def fit(runs: Sequence[Run], room: Room, fonts: PaperFonts, *, field: str) -> tuple[Words, ...]:
    """Return the lines of ``runs``, one below the other from (0, 0), as large as the room allows.

    Words are never broken here, only parted at blanks and after hyphens. The colour is left
    empty for ``painted``.

    Raises:
        Refusal: ``paper-does-not-fit``: not even the smallest size does.
    """
    steps = round((room.largest - room.smallest) / _STEP)
    for step in range(steps + 1):
        size = room.largest - step * _STEP
        lines = _fitting(runs, room, fonts, size)
        if lines is not None:
            return stack(lines, size)
    sentence = (
        f"The {field.replace('_', ' ')} does not fit on the card, not even at {room.smallest} mm."
    )
    raise Refusal("paper-does-not-fit", sentence, field=field)


def stack(lines: Sequence[Run], size: float) -> tuple[Words, ...]:
    """Return lines one below the other, the top of the first at y = 0, without a colour."""
    return tuple(
        Words(0.0, size * (ASCENT + LEADING * number), line.text, size, "", line.bold)
        for number, line in enumerate(lines)
    )


def height_of(lines: int, size: float) -> float:
    """Return how high that many lines are."""
    return lines * size * LEADING


def _fitting(
    runs: Sequence[Run], room: Room, fonts: PaperFonts, size: float
) -> tuple[Run, ...] | None:
    lines = list[Run]()
    for run in runs:
        face = fonts.face(bold=run.bold)
        if any(face.width(word, size) > room.width for word in _words(run.text)):
            return None
        wrapped = wrap(run.text, face, size=size, width=room.width)
        lines += (Run(line, run.bold) for line in wrapped)
    return tuple(lines) if height_of(len(lines), size) <= room.height else None


def _words(text: str) -> Iterator[str]:
    return (piece for piece in _WORD.findall(text) if piece.strip())


def _pieces(text: str, face: Typeface, *, size: float, width: float) -> Iterator[str]:
    for word in _WORD.findall(text):
        if not word.strip() or face.width(word, size) <= width:
            yield word
        else:
            yield from _broken(word, face, size=size, width=width)


def _broken(word: str, face: Typeface, *, size: float, width: float) -> Iterator[str]:
    part = ""
    for character in word:
        if part and face.width(part + character, size) > width:
            yield part
            part = ""
        part += character
    yield part
