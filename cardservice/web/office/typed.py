"""What was typed, ticked and chosen in the office's forms, as values.

What cannot be one is said beside its field.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from http import HTTPStatus
from typing import Final, TypeVar
from uuid import UUID

from fastapi import Response
from fastapi.responses import RedirectResponse

from cardservice.domain.findings import Finding
from cardservice.errors import Refusal
from cardservice.registry.errors import FindingsRefusal
from cardservice.web.office.forms import FormFields

E = TypeVar("E", bound=StrEnum)

VERSION: Final = "version"
_VERSION_DIGITS: Final = 9  # no row is changed a thousand million times
_DATE_LENGTH: Final = 10  # characters of YYYY-MM-DD


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that comes back to who sent it: why it was refused, and what was typed."""

    refusal: Refusal | None = None
    typed: FormFields = field(default=FormFields(), repr=False)


FRESH: Final = Sent()
"""A form that nobody has sent yet."""


def to_page(address: str) -> RedirectResponse:
    """Return the way to a page after a form was taken."""
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def answered(
    do: Callable[[], object], *, then: str, again: Callable[[Refusal], Response]
) -> Response:
    """Return the way to the page ``then`` after ``do``, or the page again with what it refused."""
    try:
        do()
    except Refusal as refusal:
        return again(refusal)
    return to_page(then)


def version_in(fields: FormFields, name: str = VERSION) -> int:
    """Return the version that the page showed; 0, which no row has, for anything else."""
    text = fields.text(name)
    is_number = text.isascii() and text.isdecimal() and len(text) <= _VERSION_DIGITS
    return int(text) if is_number else 0


def id_of(text: str) -> UUID | None:
    """Return the id that ``text`` is, None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def id_in(fields: FormFields, name: str) -> UUID:
    """Return the id in a field; raises FindingsRefusal, coded by the field, for none."""
    found = id_of(fields.text(name))
    if found is None:
        raise FindingsRefusal([missing(name)])
    return found


def ids_in(fields: FormFields, name: str) -> tuple[UUID, ...]:
    """Return the ids of the ticked boxes, each once; raises FindingsRefusal for what is none."""
    found = [id_of(one) for one in fields.texts(name)]
    if None in found or not found:
        raise FindingsRefusal([missing(name)])
    return tuple(dict.fromkeys(one for one in found if one is not None))


def day_in(fields: FormFields, name: str) -> date | None:
    """Return the day in the field, None if it is empty.

    Raises:
        FindingsRefusal: ``date-format``.
    """
    text = fields.text(name).strip(" ")
    if not text:
        return None
    try:
        if len(text) == _DATE_LENGTH:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _wrong(name, "date-format", "The date is not a day written YYYY-MM-DD.")


def needed_day_in(fields: FormFields, name: str) -> date:
    """Return the day in the field.

    Raises:
        FindingsRefusal: ``date-format``, also for an empty field.
    """
    day = day_in(fields, name)
    if day is None:
        raise _wrong(name, "date-format", "The date is not a day written YYYY-MM-DD.")
    return day


def chosen(kind: type[E], fields: FormFields, name: str) -> E | None:
    """Return the value that was chosen, None for nothing or something else."""
    text = fields.text(name)
    return next((one for one in kind if one.value == text), None)


def choice_in(kind: type[E], fields: FormFields, name: str) -> E:
    """Return the value that was chosen.

    Raises:
        FindingsRefusal: ``choice-unknown``, also for none.
    """
    found = chosen(kind, fields, name)
    if found is None:
        raise _wrong(name, "choice-unknown", "This is none of the values there are.")
    return found


def needed(kind: type[E], fields: FormFields, name: str) -> E:
    """Return the value that was chosen; raises FindingsRefusal, coded by the field, for none."""
    found = chosen(kind, fields, name)
    if found is None:
        raise FindingsRefusal([missing(name)])
    return found


def expect_chosen(fields: FormFields, kinds: dict[str, type[StrEnum]]) -> None:
    """Return if every field has a value of its kind; raises FindingsRefusal with all that lack."""
    lacking = tuple(_lacking(fields, kinds))
    if lacking:
        raise FindingsRefusal(lacking)


def missing(name: str) -> Finding:
    """Return what is said beside a field that has no value."""
    return Finding(name, f"{name.replace('_', '-')}-missing", "Nothing is given here.")


def _lacking(fields: FormFields, kinds: dict[str, type[StrEnum]]) -> Iterator[Finding]:
    for name, kind in kinds.items():
        if chosen(kind, fields, name) is None:
            yield missing(name)


def _wrong(name: str, code: str, sentence: str) -> FindingsRefusal:
    return FindingsRefusal([Finding(name, code, sentence)])
