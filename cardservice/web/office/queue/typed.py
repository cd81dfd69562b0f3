"""What a clerk typed, as values; what cannot be one is said beside its field."""

from collections.abc import Callable
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


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that comes back to who sent it: why it was refused, and what was typed."""

    refusal: Refusal | None = None
    typed: FormFields = field(default=FormFields(), repr=False)


FRESH: Final = Sent()
"""A form that nobody has sent yet."""

VERSION: Final = "version"
_VERSION_DIGITS: Final = 9  # no row is changed a thousand million times
_DATE_LENGTH: Final = 10  # characters of YYYY-MM-DD


def answered(
    do: Callable[[], object], *, then: str, again: Callable[[Refusal], Response]
) -> Response:
    """Return the way to the page ``then`` after ``do``, or the page again with what it refused."""
    try:
        do()
    except Refusal as refusal:
        return again(refusal)
    return RedirectResponse(then, HTTPStatus.SEE_OTHER)


def version_in(fields: FormFields, name: str = VERSION) -> int:
    """Return the version that the page showed; 0, which no row has, for anything else."""
    text = fields.text(name)
    is_number = text.isascii() and text.isdecimal() and len(text) <= _VERSION_DIGITS
    return int(text) if is_number else 0


def id_in(text: str) -> UUID | None:
    """Return the id that ``text`` writes, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


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


def choice_in(kind: type[E], fields: FormFields, name: str) -> E:
    """Return the value that was chosen.

    Raises:
        FindingsRefusal: ``choice-unknown``, also for none.
    """
    text = fields.text(name)
    found = next((one for one in kind if one.value == text), None)
    if found is None:
        raise _wrong(name, "choice-unknown", "This is none of the values there are.")
    return found


def _wrong(name: str, code: str, sentence: str) -> FindingsRefusal:
    return FindingsRefusal([Finding(name, code, sentence)])
