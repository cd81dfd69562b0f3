"""Both sides of a card (ID-1), for the screen and for the card printer, from one description.

The look is this project's own. The place of the contacts stays empty.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum, unique
from typing import Final

from cardservice.errors import Refusal
from cardservice.papers import characters
from cardservice.papers.card_back import back_marks
from cardservice.papers.card_frame import HEIGHT, WIDTH
from cardservice.papers.card_front import contact_marks, front_marks
from cardservice.papers.fonts import PaperFonts
from cardservice.papers.pdf import Imprint, write_pdf
from cardservice.papers.raster import write_png
from cardservice.papers.scene import Page
from cardservice.papers.values import CardFace
from cardservice.papers.wording import PaperLanguage, say

CAN_DIGITS: Final = 6


@unique
class Side(StrEnum):
    FRONT = "front"
    BACK = "back"


def card_png(
    face: CardFace,
    side: Side,
    *,
    fonts: PaperFonts,
    language: PaperLanguage = PaperLanguage.RU,
    preview: bool = False,
) -> bytes:
    """Return one side as PNG of 1,011 × 638 pixels, 300 dpi.

    Args:
        face: what it says.
        side: front or back.
        fonts: from ``find_fonts``.
        language: of the labels.
        preview: with the chip's contacts drawn in, for the screen; never for the card printer.

    Raises:
        Refusal: as ``card_pages``.
    """
    front, back = card_pages(face, fonts=fonts, language=language)
    page = front if side is Side.FRONT else back
    if preview and side is Side.FRONT:
        page = replace(page, marks=(*page.marks, *contact_marks()))
    return write_png(page, fonts)


def card_pdf(
    face: CardFace,
    *,
    fonts: PaperFonts,
    made: datetime,
    language: PaperLanguage = PaperLanguage.RU,
) -> bytes:
    """Return the print file, front then back, as PDF/A-3b of two pages of 85.60 × 53.98 mm.

    Raises:
        Refusal: as ``card_pages``.
    """
    title = f"{say('Health insurance card', language)} {face.card_number}"
    imprint = Imprint(title=title, language=language, made=made)
    return write_pdf(card_pages(face, fonts=fonts, language=language), imprint, fonts)


def card_pages(
    face: CardFace, *, fonts: PaperFonts, language: PaperLanguage = PaperLanguage.RU
) -> tuple[Page, Page]:
    """Return front and back.

    Raises:
        Refusal: ``card-enp-missing``, ``card-can-format``; a text that cannot be printed
            (``characters.check``) or does not fit (``paper-does-not-fit``); a photo that
            cannot be shown (``photo.portrait``).
    """
    characters.check(face, fonts)
    if face.person.enp is None:
        raise Refusal("card-enp-missing", "The card has no policy number yet.", field="enp")
    if len(face.can) != CAN_DIGITS or not (face.can.isascii() and face.can.isdigit()):
        raise Refusal("card-can-format", "The CAN is not six digits.", field="can")
    front = Page(WIDTH, HEIGHT, tuple(front_marks(face, fonts, language)))
    return front, Page(WIDTH, HEIGHT, tuple(back_marks(face, fonts, language)))
