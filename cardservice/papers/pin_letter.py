"""The PIN letter: a sheet folded twice and closed at its edges, its numbers readable inside only.

A4, printed on both sides, turned over the long edge, folded at a third and two thirds: the lower
third goes in first, the upper one over it. PIN and PUK stand inside on the lower third. So there
are two layers of paper over them on either side but one: towards the address, where a guard of
other digits is printed on the outside; another is on the back of the numbers themselves.

The outer 12 mm take the glue, and nothing is printed within 6 mm of a fold.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import shake_128
from typing import Final

from cardservice.errors import Refusal
from cardservice.papers import characters
from cardservice.papers.fonts import PaperFonts
from cardservice.papers.palette import ACCENT, INK, LINE, SOFT_INK
from cardservice.papers.pdf import Imprint, write_pdf
from cardservice.papers.pin_letter_wording import LETTER_TEXTS, LetterTexts
from cardservice.papers.scene import Box, Mark, Page, Words, moved
from cardservice.papers.sheet import BODY, HEIGHT, WIDTH, painted
from cardservice.papers.typesetting import Room, Run, fit
from cardservice.papers.values import PaperInsurer
from cardservice.papers.wording import PaperLanguage

GLUE: Final = 12.0  # millimetres at each edge of the sheet
FOLDS: Final = (HEIGHT / 3, 2 * HEIGHT / 3)
FOLD_AIR: Final = 6.0  # on either side of a fold: paper and toner crack there
PIN_DIGITS: Final = range(4, 9)  # card.md, section 4
PUK_DIGITS: Final = 8
SECRETS: Final = (GLUE + 8, FOLDS[1] + 14, WIDTH - GLUE - 8, FOLDS[1] + 44)
"""Left, top, right, bottom of the place of PIN and PUK on the inside."""

_SECRET_SIZE: Final = 9.0
_LABEL: Final = 3.2
_SMALLEST: Final = 2.2
_COLUMN: Final = WIDTH - 2 * GLUE - 16
_LEFT: Final = GLUE + 8
_TICK: Final = 4.0  # length of the mark at the edge that shows a fold
_GUARD_AIR: Final = 6.0  # how much further than the secrets a guard reaches
_GUARD_SIZES: Final = (9.0, 7.0, 5.0)  # no single size of digits stands out against the others
_ADDRESS_TOP: Final = FOLDS[0] + 10


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PinLetter:
    """What a PIN letter says.

    Attributes:
        name: of the holder, in one line as it is written on an envelope.
        address: where it is sent, None: it is handed over.
        insurer: whom to ask.
        card_number: the one on the card, so that letter and card are told together.
        pin: 4 to 8 digits.
        puk: 8 digits.
    """

    name: str
    insurer: PaperInsurer
    card_number: str
    pin: str = field(repr=False)
    puk: str = field(repr=False)
    address: str | None = None


def pin_letter_pdf(
    letter: PinLetter,
    *,
    fonts: PaperFonts,
    made: datetime,
    language: PaperLanguage = PaperLanguage.RU,
) -> bytes:
    """Return the letter as PDF/A-3b of two pages, inside then outside; no title names the holder.

    Raises:
        Refusal: as ``pin_letter_pages``.
    """
    imprint = Imprint(title=LETTER_TEXTS[language].title, language=language, made=made)
    return write_pdf(pin_letter_pages(letter, fonts=fonts, language=language), imprint, fonts)


def pin_letter_pages(
    letter: PinLetter, *, fonts: PaperFonts, language: PaperLanguage = PaperLanguage.RU
) -> tuple[Page, Page]:
    """Return the inside and the outside.

    Raises:
        Refusal: ``letter-pin-format``, ``letter-puk-format``; a text that cannot be printed
            (``characters.check``) or does not fit (``paper-does-not-fit``). None of them quotes
            a number.
    """
    _require_digits(letter)
    characters.check(letter, fonts)
    texts = LETTER_TEXTS[language]
    inside = Page(
        WIDTH, HEIGHT, (*_folds(), *_advice(letter, texts, fonts), *_secrets(letter, texts))
    )
    outside = Page(WIDTH, HEIGHT, (*_folds(), *_guards(fonts), *_address(letter, texts, fonts)))
    return inside, outside


def _require_digits(letter: PinLetter) -> None:
    if len(letter.pin) not in PIN_DIGITS or not _is_number(letter.pin):
        raise Refusal("letter-pin-format", "The PIN is not four to eight digits.", field="pin")
    if len(letter.puk) != PUK_DIGITS or not _is_number(letter.puk):
        raise Refusal("letter-puk-format", "The PUK is not eight digits.", field="puk")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _folds() -> Iterator[Mark]:
    for y in FOLDS:
        yield Box(0, y, _TICK, 0.2, LINE)
        yield Box(WIDTH - _TICK, y, _TICK, 0.2, LINE)


def _advice(letter: PinLetter, texts: LetterTexts, fonts: PaperFonts) -> Iterator[Mark]:
    yield Words(_LEFT, GLUE + 12, texts.title, 5.5, ACCENT, bold=True)
    upper = [Run(texts.what_for), Run(texts.wrong)]
    yield from _set(upper, fonts, top=GLUE + 18, bottom=FOLDS[0] - FOLD_AIR)
    middle = [Run(texts.keep), Run(texts.lost), *_whom(letter, texts)]
    yield from _set(middle, fonts, top=FOLDS[0] + 10, bottom=FOLDS[1] - FOLD_AIR)


def _whom(letter: PinLetter, texts: LetterTexts) -> Iterator[Run]:
    yield Run(letter.insurer.name, bold=True)
    if letter.insurer.phone:
        yield Run(letter.insurer.phone)
    yield Run(f"{texts.card_number}: {letter.card_number}")


def _set(runs: list[Run], fonts: PaperFonts, *, top: float, bottom: float) -> Iterator[Mark]:
    room = Room(_COLUMN, bottom - top, largest=BODY + 0.8, smallest=_SMALLEST)
    words = fit(runs, room, fonts, field="insurer")
    return (moved(one, x=_LEFT, y=top) for one in painted(words, INK))


def _secrets(letter: PinLetter, texts: LetterTexts) -> Iterator[Mark]:
    left, top, right, _ = SECRETS
    for x, label, digits in (
        (left, texts.pin, letter.pin),
        ((left + right) / 2, texts.puk, letter.puk),
    ):
        yield Words(x, top + 6, label, _LABEL, SOFT_INK)
        yield Words(x, top + 20, digits, _SECRET_SIZE, INK, bold=True)


def _address(letter: PinLetter, texts: LetterTexts, fonts: PaperFonts) -> Iterator[Mark]:
    lines = [Run(letter.name, bold=True), *([Run(letter.address)] if letter.address else [])]
    room = Room(_COLUMN, 24.0, largest=5.0, smallest=_SMALLEST)
    words = fit(lines, room, fonts, field="address")
    yield from (moved(one, x=_LEFT, y=_ADDRESS_TOP) for one in painted(words, INK))
    room = Room(_COLUMN, 30.0, largest=BODY, smallest=_SMALLEST)
    words = fit([Run(texts.title, bold=True), Run(texts.check)], room, fonts, field="advice")
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
