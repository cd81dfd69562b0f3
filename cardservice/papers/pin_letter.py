"""The PIN letter: a sealed sheet, PIN and PUK readable inside only."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cardservice.errors import Refusal
from cardservice.papers import characters
from cardservice.papers.fonts import PaperFonts
from cardservice.papers.pdf import Imprint, write_pdf
from cardservice.papers.pin_letter_sheet import SealedSheet, is_number, sealed_pages
from cardservice.papers.pin_letter_wording import LETTER_TEXTS, LetterTexts
from cardservice.papers.scene import Page
from cardservice.papers.values import PaperInsurer
from cardservice.papers.wording import PaperLanguage

PIN_DIGITS: Final = range(4, 9)  # card.md, section 4
PUK_DIGITS: Final = range(8, 9)


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
    return sealed_pages(_sheet(letter, LETTER_TEXTS[language]), fonts)


def _require_digits(letter: PinLetter) -> None:
    if not is_number(letter.pin, PIN_DIGITS):
        raise Refusal("letter-pin-format", "The PIN is not four to eight digits.", field="pin")
    if not is_number(letter.puk, PUK_DIGITS):
        raise Refusal("letter-puk-format", "The PUK is not eight digits.", field="puk")


def _sheet(letter: PinLetter, texts: LetterTexts) -> SealedSheet:
    return SealedSheet(
        name=letter.name,
        address=letter.address,
        title=texts.title,
        check=texts.check,
        upper=(texts.what_for, texts.wrong),
        middle=(texts.keep, texts.lost),
        insurer=letter.insurer,
        card=f"{texts.card_number}: {letter.card_number}",
        numbers=((texts.pin, letter.pin), (texts.puk, letter.puk)),
    )
