"""Dates, ages and numbers as people of each language write them."""

from datetime import date, timedelta

from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal

from cardservice.domain.numbers import Enp
from cardservice.texts.catalog import translations
from cardservice.texts.languages import Language

ENP_GROUP = 4  # digits; a clerk compares the printed number group by group
JUST_NOW = timedelta(minutes=1)
MS_PER_SECOND = 1000
DATE_PATTERNS = {Language.RU: "dd.MM.yyyy", Language.EN: "d MMM yyyy"}


def show_enp(enp: Enp) -> str:
    """Return the policy number in groups of four, left to right, whatever its length."""
    return " ".join(enp[start : start + ENP_GROUP] for start in range(0, len(enp), ENP_GROUP))


def show_date(day: date, language: Language) -> str:
    """Return ``15.05.1980`` or ``15 May 1980``."""
    return format_date(day, DATE_PATTERNS[language], locale=language.value)


def show_age(age: timedelta, language: Language) -> str:
    """Return how long ago data were fetched, e.g. ``2 hours ago``; under a minute ``just now``."""
    if age < JUST_NOW:
        return translations(language).gettext("just now")
    return format_timedelta(-age, add_direction=True, locale=language.value)


def show_seconds(milliseconds: float, language: Language) -> str:
    """Return the time in seconds with two decimals, without a unit: ``0.41`` or ``0,41``."""
    return format_decimal(milliseconds / MS_PER_SECOND, "0.00", locale=language.value)
