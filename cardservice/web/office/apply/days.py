"""Days as people type them in a form, and as the form shows them."""

import re
from datetime import date
from typing import Final

DAY_LENGTH: Final = 20  # characters that are looked at; a day has ten
_TYPED: Final = re.compile(r"([0-9]{1,2})[./ ]([0-9]{1,2})[./ ]([0-9]{4})", re.ASCII)
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)


def read_day(text: str) -> date | None:
    """Return the day that ``text`` writes as ``DD.MM.YYYY`` or ``YYYY-MM-DD``; None: no day."""
    text = text.strip()[:DAY_LENGTH]
    typed, iso = _TYPED.fullmatch(text), _ISO.fullmatch(text)
    if typed is not None:
        return _day(typed[3], typed[2], typed[1])
    return None if iso is None else _day(iso[1], iso[2], iso[3])


def show_day(iso: str) -> str:
    """Return a day kept as ``YYYY-MM-DD`` as the form shows it; another text as it is."""
    found = _ISO.fullmatch(iso)
    return f"{found[3]}.{found[2]}.{found[1]}" if found else iso


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
