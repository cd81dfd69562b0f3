"""A4 sheets from blocks: rows of label and value, sections, paragraphs, lines to sign on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cardservice.papers.fonts import PaperFonts
from cardservice.papers.palette import ACCENT, INK, LINE, SOFT_INK
from cardservice.papers.scene import Box, Mark, Page, Words, moved
from cardservice.papers.typesetting import Run, height_of, stack, wrap

WIDTH, HEIGHT = 210.0, 297.0  # ISO 216, A4
LEFT: Final = 18.0
TOP: Final = 16.0
BOTTOM: Final = 278.0  # where blocks end; the foot stands below
COLUMN: Final = WIDTH - 2 * LEFT
BODY: Final = 3.7  # 10.5 pt
SMALL: Final = 2.9  # 8 pt

_FOOT: Final = 286.0
_HEADING: Final = 4.0
_LABELS: Final = 50.0  # width of the column of labels
_GAP: Final = 3.0
_ROW_AIR: Final = 0.7  # above and below a row's lines
_HAIR: Final = 0.2
_SIGNATURE: Final = 16.0  # height of a place to sign, pen and hand included
_DATE_PLACE: Final = 38.0


@dataclass(frozen=True, slots=True)
class Block:
    """Marks that stay together, from (0, 0) within the column, and their height."""

    height: float
    marks: tuple[Mark, ...]


Row = tuple[str, str]
"""A label and its value."""

Foot = Callable[[int, int], str]
"""From the number of a page and the count of pages to the line at its foot."""


def pages_of(blocks: Iterable[Block], fonts: PaperFonts, foot: Foot) -> tuple[Page, ...]:
    """Return the blocks on as many A4 pages as they need, one below the other."""
    sheets: list[list[Mark]] = [[]]
    y = TOP
    for block in blocks:
        if y + block.height > BOTTOM and sheets[-1]:
            sheets.append([])
            y = TOP
        sheets[-1] += (moved(mark, x=LEFT, y=y) for mark in block.marks)
        y += block.height
    return tuple(
        Page(WIDTH, HEIGHT, (*marks, _foot(foot(number, len(sheets)), fonts)))
        for number, marks in enumerate(sheets, 1)
    )


def painted(words: Iterable[Words], colour: str) -> tuple[Words, ...]:
    """Return the words in that colour."""
    return tuple(replace(one, colour=colour) for one in words)


def paragraph(
    text: str, fonts: PaperFonts, *, size: float = BODY, width: float = COLUMN, colour: str = INK
) -> Block:
    """Return a text over the width of the column, with air below it."""
    lines = wrap(text, fonts.regular, size=size, width=width)
    words = stack([Run(line) for line in lines], size)
    return Block(height_of(len(lines), size) + _GAP, painted(words, colour))


def section(title: str, rows: Sequence[Row], fonts: PaperFonts) -> tuple[Block, ...]:
    """Return a heading and rows; the heading stays with the first of them."""
    heading = Block(
        _HEADING * 2,
        (
            Words(0, _HEADING, title, _HEADING, ACCENT, bold=True),
            Box(0, _HEADING * 1.5, COLUMN, _HAIR * 3, ACCENT),
        ),
    )
    first, *others = (_row(label, value, fonts) for label, value in rows)
    return below(heading, first), *others, space(_GAP)


def _row(label: str, value: str, fonts: PaperFonts) -> Block:
    names = wrap(label, fonts.regular, size=BODY, width=_LABELS - _GAP)
    lines = wrap(value, fonts.regular, size=BODY, width=COLUMN - _LABELS)
    height = height_of(max(len(lines), len(names)), BODY) + 2 * _ROW_AIR
    labels = painted(stack([Run(line) for line in names], BODY), SOFT_INK)
    values = painted(stack([Run(line) for line in lines], BODY), INK)
    marks = (
        *(moved(one, y=_ROW_AIR) for one in labels),
        *(moved(one, x=_LABELS, y=_ROW_AIR) for one in values),
        Box(0, height - _HAIR, COLUMN, _HAIR, LINE),
    )
    return Block(height, marks)


def below(upper: Block, lower: Block) -> Block:
    """Return both as one block that stays together."""
    under = tuple(moved(mark, y=upper.height) for mark in lower.marks)
    return Block(upper.height + lower.height, upper.marks + under)


def space(height: float) -> Block:
    """Return empty paper."""
    return Block(height, ())


def signature(caption: str, name: str | None, date_word: str, fonts: PaperFonts) -> Block:
    """Return a line to sign on with a caption, a name in print if known, and a line for a date."""
    y = _SIGNATURE - 2.5 * SMALL
    place = COLUMN - _DATE_PLACE - 2 * _GAP
    date_x = COLUMN - _DATE_PLACE
    text = f"{caption}: {name}" if name else caption
    lines = wrap(text, fonts.regular, size=SMALL, width=place)
    words = painted(stack([Run(line) for line in lines], SMALL), SOFT_INK)
    marks = (
        Box(0, y, place, _HAIR * 2, INK),
        *(moved(one, y=y + 1) for one in words),
        Box(date_x, y, _DATE_PLACE, _HAIR * 2, INK),
        Words(date_x, y + 1 + SMALL, date_word, SMALL, SOFT_INK),
    )
    return Block(y + 1 + height_of(len(lines), SMALL), marks)


def _foot(text: str, fonts: PaperFonts) -> Words:
    x = LEFT + COLUMN - fonts.regular.width(text, SMALL)
    return Words(x, _FOOT, text, SMALL, SOFT_INK)
