"""Dates as tables have them: ``YYYY-MM-DD``."""

import re
from datetime import date
from typing import Final

from cardservice.errors import Refusal

# Nobody who applies was born, and no insurance began, before it; it also keeps clear of
# 01.01.1900, which cards of the field use for "no date" (card.md, section 2).
EARLIEST_DATE: Final = date(1900, 1, 2)

_FORM: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def parse_past_date(text: str, *, field: str, words: str, today: date) -> date:
    """Return the date that ``text`` writes as ``YYYY-MM-DD``, which is not after ``today``.

    Args:
        text: the date.
        field: the name of its column; the refusals' codes begin with it.
        words: its name in a sentence.
        today: the last day allowed.

    Raises:
        Refusal: ``…-missing``, ``…-format``, ``…-impossible`` or ``…-in-future``.
    """
    code = field.replace("_", "-")
    if not text:
        raise Refusal(f"{code}-missing", f"The {words} is missing.", field=field)
    if not _FORM.fullmatch(text):
        raise Refusal(f"{code}-format", f"The {words} is not written YYYY-MM-DD.", field=field)
    day = _calendar_date(text)
    if day is None or day < EARLIEST_DATE:
        raise Refusal(f"{code}-impossible", f"The {words} is not a possible date.", field=field)
    if day > today:
        raise Refusal(f"{code}-in-future", f"The {words} is in the future.", field=field)
    return day


def _calendar_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
