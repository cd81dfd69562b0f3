"""What values of the office are called: on pages, buttons and papers, in two languages."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import chain
from types import MappingProxyType
from typing import Final

from cardservice.texts.languages import Language
from cardservice.texts.office.applying import APPLYING
from cardservice.texts.office.catalogs import OFFICE, merged
from cardservice.texts.office.clinics import CLINICS
from cardservice.texts.office.events import EVENTS
from cardservice.texts.office.insuring import INSURING
from cardservice.texts.office.lives import LIVES
from cardservice.texts.office.log import LOG
from cardservice.texts.office.making import MAKING
from cardservice.texts.office.names import Names
from cardservice.texts.office.staff import STAFF

NAMES: Final[Mapping[str, Names]] = MappingProxyType(
    {one.kind: one for one in chain(APPLYING, LIVES, EVENTS, MAKING, INSURING, CLINICS, STAFF, LOG)}
)
"""Kind → its names."""

KINDS: Final[Mapping[type[StrEnum], str]] = MappingProxyType(
    {one.of: one.kind for one in NAMES.values() if one.of is not None}
)
"""Enumeration → the kind of its values."""

_BETWEEN: Final = "/"  # in rows: a reason, then what belongs to it, a day or an id


def label(value: StrEnum, language: Language) -> str:
    """Return what ``value`` is called; an enumeration without names gives the value itself."""
    return label_of(KINDS.get(type(value), ""), value.value, language)


def label_of(kind: str, raw: str, language: Language) -> str:
    """Return what a value is called that a row keeps as plain text.

    Args:
        kind: a key of ``NAMES``, e.g. ``application-state`` or ``audit-action``.
        raw: the value, perhaps with ``/`` and a day or an id after it, which is left out. One that
            is not known, or of a kind that is not, comes back as it is.
        language: the reader's.
    """
    texts = NAMES[kind].texts if kind in NAMES else {}
    english = texts.get(raw) or texts.get(raw.partition(_BETWEEN)[0])
    return raw if english is None else merged(language, OFFICE).pgettext(kind, english)


def event_label(event: StrEnum, language: Language) -> str:
    """Return the words of the button that brings ``event`` of a life about, e.g. ``Approve``."""
    return label(event, language)


def choices(kind: type[StrEnum], language: Language) -> tuple[tuple[str, str], ...]:
    """Return value and name of all values of an enumeration, as a form offers them."""
    return tuple((one.value, label(one, language)) for one in kind)
