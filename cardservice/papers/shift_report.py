"""The shift on paper: what was made, spoiled and left over, to be signed and filed."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from functools import partial
from typing import Final

from cardservice.papers import characters
from cardservice.papers.certificate import foot_line
from cardservice.papers.fonts import PaperFonts
from cardservice.papers.palette import ACCENT, INK, SOFT_INK
from cardservice.papers.pdf import Imprint, write_pdf
from cardservice.papers.scene import Words
from cardservice.papers.sheet import Block, Row, pages_of, paragraph, section, signature
from cardservice.papers.shift_report_table import hour_tables
from cardservice.papers.shift_report_values import Shift
from cardservice.papers.shift_report_wording import (
    NEEDS,
    NO_TRACE,
    REASONS,
    STOCK,
    WORKS,
    say,
    show_moment,
)
from cardservice.papers.wording import PaperLanguage

MOST_OPEN_CARDS: Final = 64
"""So many are named; more are counted only: somebody has to look at the journal then."""

_TITLE: Final = 6.3
_SUBTITLE: Final = 4.2


def shift_pdf(
    shift: Shift,
    *,
    fonts: PaperFonts,
    made: datetime,
    language: PaperLanguage = PaperLanguage.RU,
) -> bytes:
    """Return the report as PDF/A-3b, A4, the same octets for the same arguments.

    Args:
        shift: what it says.
        fonts: from ``find_fonts``.
        made: when it was made, aware.
        language: of the labels.

    Raises:
        Refusal: a station's name that cannot be printed, see ``characters.check``.
    """
    characters.check(shift, fonts)
    title = f"{say('Shift report', language)} · {shift.station}"
    foot = partial(foot_line, title, language)
    imprint = Imprint(title=title, language=language, made=made)
    return write_pdf(pages_of(_blocks(shift, fonts, language), fonts, foot), imprint, fonts)


def _blocks(shift: Shift, fonts: PaperFonts, language: PaperLanguage) -> Iterator[Block]:
    yield _head(shift, language)
    yield from section(say("Cards", language), list(_card_rows(shift, language)), fonts)
    if shift.services:
        served = [(say(WORKS[work], language), str(n)) for work, n in shift.services.items()]
        yield from section(say("Work on cards that holders have", language), served, fonts)
    stock = list(_stock_rows(shift, language))
    if stock:
        yield from section(say("Blanks", language), stock, fonts)
    yield from section(say("Cards not finished", language), _open_rows(shift, language), fonts)
    if shift.hours:
        yield paragraph(say("By lane and hour", language), fonts, size=_SUBTITLE, colour=ACCENT)
        yield from hour_tables(shift.hours, fonts, language)
        yield paragraph(say("Made, and spoiled after a stroke.", language), fonts, colour=SOFT_INK)
    yield paragraph(say(NO_TRACE, language), fonts, colour=SOFT_INK)
    for who in ("Operator", "Keeper of the station"):
        yield signature(say(who, language), None, say("Date", language), fonts)


def _head(shift: Shift, language: PaperLanguage) -> Block:
    begin, end = show_moment(shift.begin, language), show_moment(shift.end, language)
    return Block(
        28,
        (
            Words(0, 8, say("Shift report", language), _TITLE, ACCENT, bold=True),
            Words(0, 15, f"{say('Station', language)} {shift.station}", _SUBTITLE, SOFT_INK),
            Words(0, 22, f"{begin} – {end}", _SUBTITLE, INK, bold=True),
        ),
    )


def _card_rows(shift: Shift, language: PaperLanguage) -> Iterator[Row]:
    yield say("Cards made", language), str(shift.made)
    spoiled = shift.spoiled
    for reason, label in REASONS.items():
        yield say(label, language), str(spoiled.get(reason, 0))
    yield say("Spoiled chips erased", language), str(shift.ended)
    yield say("Orders given back", language), str(shift.given_back)
    yield say("Outcomes not told yet", language), str(shift.untold)


def _stock_rows(shift: Shift, language: PaperLanguage) -> Iterator[Row]:
    begin, end = shift.stock_begin, shift.stock_end
    if begin is None or end is None:
        return
    at_begin, at_end = say("at the begin", language), say("at the end", language)
    for field in fields(end):
        before, after = getattr(begin, field.name), getattr(end, field.name)
        yield say(STOCK[field.name], language), f"{at_begin} {before}, {at_end} {after}"


def _open_rows(shift: Shift, language: PaperLanguage) -> list[Row]:
    rows = [
        (one.chip, say(NEEDS[one.need], language)) for one in shift.open_cards[:MOST_OPEN_CARDS]
    ]
    more = len(shift.open_cards) - len(rows)
    if more:
        rows.append((say("and more", language), str(more)))
    return rows or [(say("Cards", language), say("none", language))]
