"""The table of a shift: hours down, lanes across, as many tables as the lanes need."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from cardservice.papers.fonts import PaperFonts
from cardservice.papers.palette import INK, LINE, SOFT_INK
from cardservice.papers.scene import Box, Words
from cardservice.papers.sheet import COLUMN, SMALL, Block, below, space
from cardservice.papers.shift_report_values import UNKNOWN_LANE, ShiftHour
from cardservice.papers.shift_report_wording import say, show_moment
from cardservice.papers.wording import PaperLanguage

LANES_ACROSS: Final = 8
_HOUR: Final = 38.0  # width of the column of hours, millimetres
_ROW: Final = 5.2
_BASELINE: Final = 3.8
_AIR: Final = 3.0
_HAIR: Final = 0.2


def hour_tables(
    hours: Sequence[ShiftHour], fonts: PaperFonts, language: PaperLanguage
) -> Iterator[Block]:
    """Yield the blocks of all tables; the head of each stays with its first row."""
    lanes = sorted({one.lane for one in hours})
    for start in range(0, len(lanes), LANES_ACROSS):
        across = lanes[start : start + LANES_ACROSS]
        shown = [one for one in hours if one.lane in across]
        yield from _table(shown, across, fonts, language)
        yield space(_AIR)


def _table(
    hours: Sequence[ShiftHour], lanes: Sequence[int], fonts: PaperFonts, language: PaperLanguage
) -> Iterator[Block]:
    heads = [_lane_name(lane, language) for lane in lanes]
    head = _row(say("Hour", language), [*heads, say("All", language)], fonts, bold=True)
    by_hour: dict[datetime, list[ShiftHour]] = {}
    for one in hours:
        by_hour.setdefault(one.hour, []).append(one)
    rows = [
        _row(show_moment(hour, language), _cells(found, lanes), fonts)
        for hour, found in sorted(by_hour.items())
    ]
    total = _row(say("All", language), _cells(hours, lanes), fonts, bold=True)
    first, *others = (*rows, total)
    yield below(head, first)
    yield from others


def _lane_name(lane: int, language: PaperLanguage) -> str:
    return "—" if lane == UNKNOWN_LANE else f"{say('Lane', language)} {lane}"


def _cells(hours: Sequence[ShiftHour], lanes: Sequence[int]) -> list[str]:
    per_lane = [[one for one in hours if one.lane == lane] for lane in lanes]
    return [_cell(found) for found in (*per_lane, hours)]


def _cell(hours: Sequence[ShiftHour]) -> str:
    made = sum(one.made for one in hours)
    spoiled = sum(sum(one.spoiled.values()) for one in hours)
    return f"{made} / {spoiled}" if spoiled else str(made)


def _row(label: str, cells: Sequence[str], fonts: PaperFonts, *, bold: bool = False) -> Block:
    width = (COLUMN - _HOUR) / (LANES_ACROSS + 1)
    face = fonts.face(bold=bold)
    words = [Words(0, _BASELINE, label, SMALL, INK if bold else SOFT_INK, bold=bold)]
    for place, cell in enumerate(cells, 1):
        x = _HOUR + place * width - face.width(cell, SMALL)
        words.append(Words(x, _BASELINE, cell, SMALL, INK, bold=bold))
    return Block(_ROW, (*words, Box(0, _ROW - _HAIR, COLUMN, _HAIR, LINE)))
