"""The letter that tells a card's new CAN alone: a sealed sheet, as the PIN letter."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cardservice.errors import Refusal
from cardservice.papers import characters
from cardservice.papers.fonts import PaperFonts
from cardservice.papers.pdf import Imprint, write_pdf
from cardservice.papers.pin_letter_can_wording import CAN_LETTER_TEXTS, CanLetterTexts
from cardservice.papers.pin_letter_sheet import SealedSheet, is_number, sealed_pages
from cardservice.papers.scene import Page
from cardservice.papers.values import PaperInsurer
from cardservice.papers.wording import PaperLanguage

CAN_DIGITS: Final = range(6, 7)  # card.md, section 4


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CanLetter:
    """What the letter of a new CAN says.

    Attributes:
        name: of the holder, in one line as it is written on an envelope.
        address: where it is sent, None: it is handed over.
        insurer: whom to ask.
        card_number: the one on the card, so that letter and card are told together.
        can: 6 digits; those printed on the card are good no more.
    """

    name: str
    insurer: PaperInsurer
    card_number: str
    can: str = field(repr=False)
    address: str | None = None


def can_letter_pdf(
    letter: CanLetter,
    *,
    fonts: PaperFonts,
    made: datetime,
    language: PaperLanguage = PaperLanguage.RU,
) -> bytes:
    """Return the letter as PDF/A-3b of two pages, inside then outside; no title names the holder.

    Raises:
        Refusal: as ``can_letter_pages``.
    """
    imprint = Imprint(title=CAN_LETTER_TEXTS[language].title, language=language, made=made)
    return write_pdf(can_letter_pages(letter, fonts=fonts, language=language), imprint, fonts)


def can_letter_pages(
    letter: CanLetter, *, fonts: PaperFonts, language: PaperLanguage = PaperLanguage.RU
) -> tuple[Page, Page]:
    """Return the inside and the outside.

    Raises:
        Refusal: ``letter-can-format``; a text that cannot be printed (``characters.check``) or
            does not fit (``paper-does-not-fit``). None of them quotes the number.
    """
    if not is_number(letter.can, CAN_DIGITS):
        raise Refusal("letter-can-format", "The CAN is not six digits.", field="can")
    characters.check(letter, fonts)
    return sealed_pages(_sheet(letter, CAN_LETTER_TEXTS[language]), fonts)


def _sheet(letter: CanLetter, texts: CanLetterTexts) -> SealedSheet:
    return SealedSheet(
        name=letter.name,
        address=letter.address,
        title=texts.title,
        check=texts.check,
        upper=(texts.what_for, texts.wrong),
        middle=(texts.keep, texts.lost),
        insurer=letter.insurer,
        card=f"{texts.card_number}: {letter.card_number}",
        numbers=((texts.can, letter.can),),
    )
