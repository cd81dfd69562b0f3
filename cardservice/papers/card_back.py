"""The back of a card: who insures, which card this is, what to do when it is lost."""

from collections.abc import Iterator

from cardservice.papers.card_frame import EDGE, HEIGHT, LABEL, SMALLEST, WIDTH, placed
from cardservice.papers.fonts import PaperFonts
from cardservice.papers.palette import ACCENT, INK, PAPER, SOFT_INK, TINT
from cardservice.papers.scene import Box, Mark, Words
from cardservice.papers.typesetting import Room, Run, fit
from cardservice.papers.values import CardFace, PaperInsurer
from cardservice.papers.wording import LOST, PaperLanguage, say


def back_marks(face: CardFace, fonts: PaperFonts, language: PaperLanguage) -> Iterator[Mark]:
    """Yield what is printed on the back; raises Refusal as ``card_face.card_pages``."""
    yield Box(0, 0, WIDTH, HEIGHT, PAPER)
    yield Box(0, 0, WIDTH, 1.6, ACCENT)
    width = WIDTH - 2 * EDGE
    yield Words(EDGE, 6.2, say("Insurer", language), LABEL, SOFT_INK)
    room = Room(width, 11.0, largest=3.2, smallest=SMALLEST)
    name = fit([Run(face.insurer.name, bold=True)], room, fonts, field="insurer")
    yield from placed(name, EDGE, 6.6, INK)
    y = 6.6 + max(one.y for one in name) + 1.4
    room = Room(width, 28.0 - y, largest=2.5, smallest=SMALLEST)
    about = [Run(line) for line in _about(face.insurer, language)]
    yield from placed(fit(about, room, fonts, field="insurer"), EDGE, y, INK)
    yield from _lost(face, fonts, language)


def _about(insurer: PaperInsurer, language: PaperLanguage) -> Iterator[str]:
    region = f"{insurer.region} ({insurer.okato})" if insurer.region else insurer.okato
    yield f"{say('Region', language)}: {region}"
    yield f"{say('OGRN', language)}: {insurer.ogrn}"
    if insurer.address:
        yield f"{say('Address', language)}: {insurer.address}"
    if insurer.phone:
        yield f"{say('Phone', language)}: {insurer.phone}"


def _lost(face: CardFace, fonts: PaperFonts, language: PaperLanguage) -> Iterator[Mark]:
    width = WIDTH - 2 * EDGE
    yield Box(EDGE, 29.5, width, 13.0, TINT)
    yield Box(EDGE, 29.5, 0.8, 13.0, ACCENT)
    room = Room(width - 5.0, 11.6, largest=2.5, smallest=SMALLEST)
    words = fit([Run(say(LOST, language))], room, fonts, field="advice")
    yield from placed(words, EDGE + 3.0, 30.4, INK)
    yield Words(EDGE, 46.6, say("Card number", language), LABEL, SOFT_INK)
    room = Room(width, 5.0, largest=3.2, smallest=SMALLEST)
    number = fit([Run(face.card_number, bold=True)], room, fonts, field="card_number")
    yield from placed(number, EDGE, 47.0, INK)
