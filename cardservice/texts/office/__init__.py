"""What the office says to people: names of values, fields and refusals, in their language."""

from gettext import NullTranslations
from typing import Final

from cardservice.texts.languages import Language
from cardservice.texts.office.catalogs import merged
from cardservice.texts.office.fields import field_label
from cardservice.texts.office.formats import clock, counted, day, moment, number, weekday
from cardservice.texts.office.labels import choices, event_label, label, label_of
from cardservice.texts.office.sentences import sentence

__all__ = [
    "PAGES",
    "choices",
    "clock",
    "counted",
    "day",
    "event_label",
    "field_label",
    "label",
    "label_of",
    "merged",
    "moment",
    "number",
    "office_translations",
    "sentence",
    "weekday",
]

PAGES: Final = "cardservice.web.office"
"""The package of the office's pages; each of their areas has a catalog there."""


def office_translations(language: Language) -> NullTranslations:
    """Return what turns the English texts of the office's pages into ``language``."""
    return merged(language, PAGES)
