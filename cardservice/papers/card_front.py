"""The front of a card: who is insured, by which number, until when."""

from collections.abc import Iterator
from typing import Final

from cardservice.papers.card_frame import CONTACTS, EDGE, HEIGHT, LABEL, SMALLEST, WIDTH, placed
from cardservice.papers.fonts import PaperFonts
from cardservice.papers.palette import ACCENT, GOLD, INK, LINE, ON_ACCENT, PAPER, SOFT_INK, TINT
from cardservice.papers.photo import portrait
from cardservice.papers.scene import Box, Mark, Words, moved
from cardservice.papers.typesetting import Room, Run, fit
from cardservice.papers.values import CardFace, PaperPerson
from cardservice.papers.wording import (
    ENP_GROUP,
    SEXES,
    PaperLanguage,
    say,
    show_date,
    show_number,
)

_BAND: Final = 11.5
_PHOTO: Final = (18.0, 23.0)
_PHOTO_TOP: Final = 13.5
_AIR: Final = 2.5  # between texts and photo
_BESIDE: Final = 25.5  # where texts right of the contacts begin
_VALUE: Final = 2.8  # 8 pt
_NAMES_TOP: Final = 31.5


def front_marks(face: CardFace, fonts: PaperFonts, language: PaperLanguage) -> Iterator[Mark]:
    """Yield what is printed on the front; raises Refusal as ``card_face.card_pages``."""
    yield Box(0, 0, WIDTH, HEIGHT, PAPER)
    yield from _band(language)
    right = WIDTH - EDGE
    if face.photo is not None:
        width, height = _PHOTO
        right -= width
        yield Box(right, _PHOTO_TOP, width, height, TINT)
        yield moved(portrait(face.photo, width=width, height=height), x=right, y=_PHOTO_TOP)
        right -= _AIR
    yield from _number(face.person, right, fonts, language)
    yield from _names(face.person, right, fonts)
    yield from _facts(face, fonts, language)


def _band(language: PaperLanguage) -> Iterator[Mark]:
    yield Box(0, 0, WIDTH, _BAND, ACCENT)
    title = say("HEALTH INSURANCE POLICY", language)
    yield Words(EDGE, 5.6, title, 3.6, ON_ACCENT, bold=True)
    yield Words(EDGE, 9.2, say("compulsory health insurance", language), 2.2, ON_ACCENT)


def _number(
    person: PaperPerson, right: float, fonts: PaperFonts, language: PaperLanguage
) -> Iterator[Mark]:
    yield Words(_BESIDE, 18.5, say("Policy number", language), LABEL, SOFT_INK)
    number = Run(show_number(person.enp or "", ENP_GROUP), bold=True)
    room = Room(right - _BESIDE, 6.5, largest=4.4, smallest=2.4)
    yield from placed(fit([number], room, fonts, field="enp"), _BESIDE, 19.0, INK)


def _names(person: PaperPerson, right: float, fonts: PaperFonts) -> Iterator[Mark]:
    runs = [Run(person.surname, bold=True), Run(person.given_name)]
    if person.patronymic:
        runs.append(Run(person.patronymic))
    room = Room(right - EDGE, 14.3, largest=3.5, smallest=SMALLEST)
    yield from placed(fit(runs, room, fonts, field="name"), EDGE, _NAMES_TOP, INK)


def _facts(face: CardFace, fonts: PaperFonts, language: PaperLanguage) -> Iterator[Mark]:
    person = face.person
    until = say("unlimited", language)
    if face.valid_until is not None:
        until = show_date(face.valid_until, language)
    facts = (
        (EDGE, "Birth date", show_date(person.birth_date, language), 21.0),
        (28.0, "Sex", say(SEXES[person.sex], language), 17.0),
        (47.0, "Valid until", until, 19.0),
        (68.0, "CAN", face.can, 13.0),
    )
    yield Box(EDGE, 46.2, WIDTH - 2 * EDGE, 0.2, LINE)
    for x, label, value, width in facts:
        yield Words(x, 48.6, say(label, language), LABEL, SOFT_INK)
        room = Room(width, 4.0, largest=_VALUE, smallest=SMALLEST)
        words = fit([Run(value, bold=True)], room, fonts, field=label.lower())
        yield from placed(words, x, 49.0, INK)


def contact_marks() -> Iterator[Mark]:
    """Yield a likeness of the chip's contacts, for a preview."""
    left, top, right, bottom = CONTACTS
    rim, rows = 0.8, 4
    x, y, width, height = left + rim, top + rim, right - left - 2 * rim, bottom - top - 2 * rim
    yield Box(x, y, width, height, GOLD)
    for row in range(1, rows):
        yield Box(x, y + row * height / rows, width, 0.25, PAPER)
    yield Box(x + 0.36 * width, y, 0.25, height, PAPER)
    yield Box(x + 0.64 * width, y, 0.25, height, PAPER)
    yield Box(x + 0.36 * width, y + height / rows, 0.28 * width, height / 2, GOLD)
