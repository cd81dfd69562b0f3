"""The shift as a table for programs: one count a line, codes and numbers only."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from cardservice.papers.shift_report_values import Shift, ShiftStock

HEADER: Final = ("what", "hour", "lane", "reason", "count")

Line = tuple[str, str, str, str, int]


def shift_csv(shift: Shift) -> bytes:
    """Return the report as CSV, UTF-8, RFC 4180.

    The columns are those of ``HEADER``. ``hour`` is ISO 8601 with its offset, ``lane`` empty
    where none is meant, 0 where the journal does not tell it any more; ``reason`` is a code.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(_lines(shift))
    return text.getvalue().encode()


def _lines(shift: Shift) -> Iterator[Line]:
    for one in shift.hours:
        hour, lane = one.hour.isoformat(), str(one.lane)
        if one.made:
            yield "made", hour, lane, "", one.made
        for reason, count in one.spoiled.items():
            yield "spoiled", hour, lane, reason, count
    for work, count in shift.services.items():
        yield "served", "", "", work, count
    yield from _stock_lines("stock-begin", shift.stock_begin)
    yield from _stock_lines("stock-end", shift.stock_end)
    yield "given-back", "", "", "", shift.given_back
    yield "ended", "", "", "", shift.ended
    yield "open", "", "", "", len(shift.open_cards)
    yield "untold", "", "", "", shift.untold


def _stock_lines(what: str, stock: ShiftStock | None) -> Iterator[Line]:
    if stock is not None:
        for name, count in asdict(stock).items():
            yield what, "", "", name.replace("_", "-"), count
