"""The verdict of a desk on one sheet, to be filed or handed out; without the photo."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from cardservice.papers import characters
from cardservice.papers.certificate import foot_line
from cardservice.papers.fonts import PaperFonts
from cardservice.papers.palette import ACCENT, INK, SOFT_INK, TINT
from cardservice.papers.pdf import Imprint, write_pdf
from cardservice.papers.scene import Box, Mark, moved
from cardservice.papers.sheet import (
    BODY,
    COLUMN,
    Block,
    pages_of,
    painted,
    paragraph,
    section,
    signature,
    space,
)
from cardservice.papers.typesetting import Run, height_of, stack, wrap
from cardservice.papers.wording import PaperLanguage

_WORD: Final = 9.0
_SENTENCE: Final = 4.6
_TITLE: Final = 5.0
_BAR: Final = 1.4
_INSET: Final = 6.0
_AIR: Final = 4.0


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line: what it is and what it says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class SheetSection:
    """Rows under a heading; one without rows is left out."""

    heading: str
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True)
class SheetNote:
    """One line of small print."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictSheet:
    """What the sheet says, every text ready in the language of its labels.

    Attributes:
        title: what kind of paper this is; also the document's own title.
        moment: when and where it was checked, in one line.
        word, sentence, remedy: the verdict.
        signed_by: caption of the line to sign on; ``date_word`` beside it.
    """

    title: str
    moment: str
    word: str
    sentence: str
    remedy: str | None = None
    sections: tuple[SheetSection, ...]
    notes: tuple[SheetNote, ...] = ()
    signed_by: str
    date_word: str


def verdict_pdf(
    sheet: VerdictSheet, *, fonts: PaperFonts, made: datetime, language: PaperLanguage
) -> bytes:
    """Return the sheet as PDF/A-3b, A4, the same octets for the same arguments.

    Args:
        sheet: what it says.
        fonts: from ``find_fonts``.
        made: when it was made, aware.
        language: of the texts.

    Raises:
        Refusal: a text that cannot be printed, see ``characters.check``.
    """
    characters.check(sheet, fonts)
    foot = partial(foot_line, sheet.title, language)
    imprint = Imprint(title=sheet.title, language=language, made=made)
    return write_pdf(pages_of(_blocks(sheet, fonts), fonts, foot), imprint, fonts)


def _blocks(sheet: VerdictSheet, fonts: PaperFonts) -> Iterator[Block]:
    yield paragraph(sheet.title, fonts, size=_TITLE, colour=ACCENT)
    yield paragraph(sheet.moment, fonts, colour=SOFT_INK)
    yield _verdict(sheet, fonts)
    for one in sheet.sections:
        if one.rows:
            rows = [(row.label, row.value) for row in one.rows]
            yield from section(one.heading, rows, fonts)
    for note in sheet.notes:
        yield paragraph(note.text, fonts, colour=SOFT_INK)
    yield signature(sheet.signed_by, None, sheet.date_word, fonts)


def _verdict(sheet: VerdictSheet, fonts: PaperFonts) -> Block:
    width = COLUMN - 2 * _INSET
    parts = (
        _lines(sheet.word, fonts, size=_WORD, width=width),
        _lines(sheet.sentence, fonts, size=_SENTENCE, width=width),
        _lines(sheet.remedy or "", fonts, size=BODY, width=width),
    )
    marks: list[Mark] = []
    y = _AIR
    for block in parts:
        marks += (moved(mark, x=_INSET, y=y) for mark in block.marks)
        y += block.height
    ground = (Box(0, 0, COLUMN, y + _AIR, TINT), Box(0, 0, _BAR, y + _AIR, ACCENT))
    return Block(y + 2 * _AIR, (*ground, *marks))


def _lines(text: str, fonts: PaperFonts, *, size: float, width: float) -> Block:
    if not text:
        return space(0)
    lines = wrap(text, fonts.regular, size=size, width=width)
    words = stack([Run(line) for line in lines], size)
    return Block(height_of(len(lines), size), painted(words, INK))
