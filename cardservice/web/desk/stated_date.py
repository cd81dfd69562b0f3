"""A birth date as people state it and clerks type it."""

import re
from datetime import date
from typing import Final

_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[ ./-]([0-9]{1,2})[ ./-]([0-9]{4})")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DIGITS: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")


def stated_date(text: str) -> date | None:
    """Return the day that ``15.05.1980``, ``15 5 1980``, ``15051980`` or ``1980-05-15`` names.

    None for anything else: nothing is guessed.
    """
    typed = text.strip()
    for form in (_DAY_FIRST, _DIGITS):
        found = form.fullmatch(typed)
        if found:
            day, month, year = (int(one) for one in found.groups())
            return _date(year, month, day)
    found = _YEAR_FIRST.fullmatch(typed)
    return None if found is None else _date(*(int(one) for one in found.groups()))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
