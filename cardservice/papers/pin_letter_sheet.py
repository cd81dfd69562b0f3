"""The sheet of a sealed letter: folded twice, closed at its edges, its numbers inside only.

A4, printed on both sides, turned over the long edge, folded at a third and two thirds: the lower
third goes in first, the upper one over it. The numbers stand inside on the lower third. So there
are two layers of paper over them on either side but one: towards the address, where a guard of
other digits is printed on the outside; another is on the back of the numbers themselves.

The outer 12 mm take the glue, and nothing is printed within 6 mm of a fold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import shake_128
from typing import Final

from cardservice.papers.fonts import PaperFonts
from cardservice.papers.palette import ACCENT, INK, LINE, SOFT_INK
from cardservice.papers.scene import Box, Mark, Page, Words, moved
from cardservice.papers.sheet import BODY, HEIGHT, WIDTH, painted
from cardservice.papers.typesetting import Room, Run, fit
from cardservice.papers.values import PaperInsurer

GLUE: Final = 12.0  # millimetres at each edge of the sheet
FOLDS: Final = (HEIGHT / 3, 2 * HEIGHT / 3)
FOLD_AIR: Final = 6.0  # on either side of a fold: paper and toner crack there
SECRETS: Final = (GLUE + 8, FOLDS[1] + 14, WIDTH - GLUE - 8, FOLDS[1] + 44)
"""Left, top, right, bottom of the place of the numbers on the inside."""

_SECRET_SIZE: Final = 9.0
_LABEL: Final = 3.2
_SMALLEST: Final = 2.2
_COLUMN: Final = WIDTH - 2 * GLUE - 16
_LEFT: Final = GLUE + 8
_TICK: Final = 4.0  # length of the mark at the edge that shows a fold
_GUARD_AIR: Final = 6.0  # how much further than the secrets a guard reaches
_GUARD_SIZES: Final = (9.0, 7.0, 5.0)  # no single size of digits stands out against the others
_ADDRESS_TOP: Final = FOLDS[0] + 10
_COLUMNS: Final = 2  # numbers beside each other, at most


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SealedSheet:
    """What stands where on a sealed letter; every text was judged before.

    Attributes:
        name, address: on the outside; no address: the letter is handed over.
        title: inside and outside.
        check: on the outside: what to look at before it is opened.
        upper, middle: paragraphs inside, on the first and the second third.
        insurer: whom to ask, below those.
        card: which card it is, with its label.
        numbers: label and digits, one or two.
    """

    name: str
    address: str | None
    title: str
    check: str
    upper: Sequence[str]
    middle: Sequence[str]
    insurer: PaperInsurer
    card: str
    numbers: Sequence[tuple[str, str]] = field(repr=False)


def sealed_pages(sheet: SealedSheet, fonts: PaperFonts) -> tuple[Page, Page]:
    """Return the inside and the outside; Raises: Refusal ``paper-does-not-fit``."""
    inside = Page(WIDTH, HEIGHT, (*_folds(), *_advice(sheet, fonts), *_secrets(sheet)))
    outside = Page(WIDTH, HEIGHT, (*_folds(), *_guards(fonts), *_address(sheet, fonts)))
    return inside, outside


def is_number(text: str, lengths: Sequence[int]) -> bool:
    """Say whether ``text`` is ASCII digits, and as many as ``lengths`` allow."""
    return len(text) in lengths and text.isascii() and text.isdigit()


def _folds() -> Iterator[Mark]:
    for y in FOLDS:
        yield Box(0, y, _TICK, 0.2, LINE)
        yield Box(WIDTH - _TICK, y, _TICK, 0.2, LINE)


def _advice(sheet: SealedSheet, fonts: PaperFonts) -> Iterator[Mark]:
    yield Words(_LEFT, GLUE + 12, sheet.title, 5.5, ACCENT, bold=True)
    upper = [Run(one) for one in sheet.upper]
    yield from _set(upper, fonts, top=GLUE + 18, bottom=FOLDS[0] - FOLD_AIR)
    middle = [*(Run(one) for one in sheet.middle), *_whom(sheet)]
    yield from _set(middle, fonts, top=FOLDS[0] + 10, bottom=FOLDS[1] - FOLD_AIR)


def _whom(sheet: SealedSheet) -> Iterator[Run]:
    yield Run(sheet.insurer.name, bold=True)
    if sheet.insurer.phone:
        yield Run(sheet.insurer.phone)
    yield Run(sheet.card)


def _set(runs: list[Run], fonts: PaperFonts, *, top: float, bottom: float) -> Iterator[Mark]:
    room = Room(_COLUMN, bottom - top, largest=BODY + 0.8, smallest=_SMALLEST)
    words = fit(runs, room, fonts, field="insurer")
    return (moved(one, x=_LEFT, y=top) for one in painted(words, INK))


def _secrets(sheet: SealedSheet) -> Iterator[Mark]:
    left, top, right, _ = SECRETS
    for place, (label, digits) in enumerate(sheet.numbers):
        x = left + place * (right - left) / _COLUMNS
        yield Words(x, top + 6, label, _LABEL, SOFT_INK)
        yield Words(x, top + 20, digits, _SECRET_SIZE, INK, bold=True)


def _address(sheet: SealedSheet, fonts: PaperFonts) -> Iterator[Mark]:
    lines = [Run(sheet.name, bold=True), *([Run(sheet.address)] if sheet.address else [])]
    room = Room(_COLUMN, 24.0, largest=5.0, smallest=_SMALLEST)
    words = fit(lines, room, fonts, field="address")
    yield from (moved(one, x=_LEFT, y=_ADDRESS_TOP) for one in painted(words, INK))
    room = Room(_COLUMN, 30.0, largest=BODY, smallest=_SMALLEST)
    words = fit([Run(sheet.title, bold=True), Run(sheet.check)], room, fonts, field="advice")
    yield from (moved(one, x=_LEFT, y=GLUE + 8) for one in painted(words, INK))


def guarded() -> tuple[tuple[float, float, float, float], ...]:
    """Return left, top, right, bottom of the guards on the outside.

    One is the back of the secrets; the other is where they come to lie when the lower third is
    folded in. Both reach over the whole width, so it does not matter how the sheet is turned.
    """
    _, top, _, bottom = SECRETS
    left, right = GLUE, WIDTH - GLUE
    folded = 2 * FOLDS[1] - bottom, 2 * FOLDS[1] - top
    return tuple(
        (left, upper - _GUARD_AIR, right, lower + _GUARD_AIR)
        for upper, lower in ((top, bottom), folded)
    )


def _guards(fonts: PaperFonts) -> Iterator[Mark]:
    for number, (left, top, right, bottom) in enumerate(guarded()):
        for layer, size in enumerate(_GUARD_SIZES):
            y, row = top + size, 0
            while y <= bottom:
                digits = _digits((number, layer, row), round((right - left) / size * 3))
                yield Words(
                    left, y, _as_wide(digits, size, right - left, fonts), size, INK, bold=True
                )
                y, row = y + size * 0.85, row + 1


def _digits(seed: tuple[int, ...], count: int) -> str:
    """Return digits without a pattern, the same in every letter: they hide, and say nothing."""
    return "".join(str(octet % 10) for octet in shake_128(bytes(seed)).digest(count))


def _as_wide(digits: str, size: float, width: float, fonts: PaperFonts) -> str:
    return digits[: int(width // fonts.bold.width("0", size))]
