"""Days, times and counted things as people of each language write them."""

from datetime import date, datetime, tzinfo
from typing import Literal

from babel.dates import format_datetime, format_time, get_day_names
from babel.numbers import format_decimal

from cardservice.errors import UsageError
from cardservice.texts.formats import DATE_PATTERNS, show_date
from cardservice.texts.languages import Language
from cardservice.texts.office.catalogs import merged

_HOURS = "HH:mm"


def day(value: date, language: Language) -> str:
    """Return ``15.05.1980`` or ``15 May 1980``; of a time, its day as it stands."""
    return show_date(value, language)


def moment(at: datetime, zone: tzinfo, language: Language) -> str:
    """Return day and time to the minute in ``zone``: ``15.05.1980 14:05``, ``15 May 1980 14:05``.

    Raises:
        UsageError: ``at`` has no zone of its own.
    """
    pattern = f"{DATE_PATTERNS[language]} {_HOURS}"
    return format_datetime(_aware(at).astimezone(zone), pattern, locale=language.value)


def clock(at: datetime, zone: tzinfo, language: Language) -> str:
    """Return the time of day in ``zone``, to the minute: ``14:05``.

    Raises:
        UsageError: ``at`` has no zone of its own.
    """
    return format_time(_aware(at).astimezone(zone), _HOURS, locale=language.value)


def weekday(number: int, language: Language, *, short: bool = False) -> str:
    """Return the name of a day of the week: ``Monday``, ``понедельник``; short: ``Mon``, ``пн``.

    Args:
        number: 0 Monday to 6 Sunday.
        language: the reader's.
        short: for tables.

    Raises:
        KeyError: there is no such day.
    """
    width: Literal["abbreviated", "wide"] = "abbreviated" if short else "wide"
    return str(get_day_names(width, context="stand-alone", locale=language.value)[number])


def number(value: int, language: Language) -> str:
    """Return a whole number with its thousands apart: ``10 000`` (no-break space) or ``10,000``."""
    return format_decimal(value, locale=language.value)


def counted(count: int, one: str, many: str, language: Language, *, package: str) -> str:
    """Return a number with the form of the word that goes with it, e.g. ``3 заявления``.

    Args:
        count: how many.
        one: English, with ``{count}`` in it; a key of the catalogs of ``package``.
        many: the English plural, likewise.
        language: the reader's.
        package: whose catalogs are asked first, see ``catalogs.merged``.
    """
    words = merged(language, package).ngettext(one, many, count)
    return words.replace("{count}", number(count, language))


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise UsageError("a time that is shown has a zone")
    return at
