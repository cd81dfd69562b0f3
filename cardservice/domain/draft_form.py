"""An application as plain values, the ones JSON has, and back: for storage and for programs.

Reading is total: what cannot be read is a finding beside its field, and the field counts as
empty.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, Final, get_args, get_origin, get_type_hints

from cardservice.domain.application import Application
from cardservice.domain.findings import Finding

LIST_LENGTH: Final = 100  # items of a list that are read; more are a finding
_PLAIN: Final = frozenset({str, bool, NoneType})
_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

Note = Callable[[str, str, str], None]
"""What takes the field, the code and the sentence of something unreadable."""


def draft_form(application: Application) -> dict[str, object]:
    """Return ``application`` as plain values; dates ``YYYY-MM-DD``, nothing left out."""
    return {one.name: _plain(getattr(application, one.name)) for one in fields(application)}


def read_draft(form: object) -> tuple[Application, tuple[Finding, ...]]:
    """Return the application that ``form`` writes, and what in it could not be read.

    Args:
        form: as JSON gives it, from anybody; a field that is not there counts as empty.
    """
    findings: list[Finding] = []

    def note(field: str, code: str, sentence: str) -> None:
        findings.append(Finding(field, code, sentence))

    application = _read_record(Application, form, "", note)
    return application, tuple(findings)


def _plain(value: Any) -> object:
    if type(value) in _PLAIN:  # most of a form, so asked first
        return value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}


@cache
def _kinds(record: type) -> Mapping[str, Any]:
    return get_type_hints(record)


def _read_record(record: Any, form: object, place: str, note: Note) -> Any:
    if not isinstance(form, Mapping):
        note(place or "application", "not-an-object", "This is not a group of named fields.")
        return record()
    kinds = _kinds(record)
    for name in form:
        if name not in kinds:
            note(place or "application", "field-unknown", "There is a field that is not known.")
            break
    given = {name: kind for name, kind in kinds.items() if name in form}
    prefix = f"{place}." if place else ""
    read = {name: _read(kind, form[name], prefix + name, note) for name, kind in given.items()}
    return record(**{name: value for name, value in read.items() if value is not None})


def _read(kind: Any, value: object, place: str, note: Note) -> Any:
    """Return ``value`` as ``kind``; None if it is empty or cannot be read."""
    if value is None:
        return None
    if get_origin(kind) in (frozenset, tuple):
        items = tuple(_read_list(get_args(kind)[0], value, place, note))
        return frozenset(items) if get_origin(kind) is frozenset else items
    plain = next((one for one in get_args(kind) if one is not NoneType), kind)
    if is_dataclass(plain):
        return _read_record(plain, value, place, note)
    if plain is bool:
        return _typed(bool, value, place, note)
    text = _typed(str, value, place, note)
    if plain is str or not text:
        return text if plain is str else None
    return _read_date(text, place, note) if plain is date else _chosen(plain, text, place, note)


def _typed(kind: type, value: object, place: str, note: Note) -> Any:
    if isinstance(value, kind):
        return value
    words = "yes or no" if kind is bool else "a text"
    note(place, "type-wrong", f"This is not {words}.")
    return None


def _read_list(kind: Any, value: object, place: str, note: Note) -> Iterator[Any]:
    if not isinstance(value, list):
        note(place, "not-a-list", "This is not a list.")
        return
    if len(value) > LIST_LENGTH:
        note(place, "list-too-long", f"The list is longer than {LIST_LENGTH}.")
    for index, one in enumerate(value[:LIST_LENGTH]):
        read = _read(kind, one, f"{place}.{index}", note)
        if read is not None:
            yield read


def _read_date(text: str, place: str, note: Note) -> date | None:
    try:
        if _ISO_DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    note(place, "date-format", "The date is not a day written YYYY-MM-DD.")
    return None


def _chosen(kind: type[StrEnum], text: str, place: str, note: Note) -> StrEnum | None:
    found = next((one for one in kind if one.value == text), None)
    if found is None:
        note(place, "choice-unknown", "This is none of the values there are.")
    return found
