"""Data types of FHIR as plain values, ready for JSON.

Source: HL7 FHIR R4, 2.24 (data types), 2.3 (references).
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, TypeAlias

from cardservice.errors import UsageError
from cardservice.fhir.systems import Hl7

# An element or a resource. Its values are as the standard says of each, which a type that
# covers them all would not tell a reader.
Element: TypeAlias = dict[str, Any]

_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
_NOTHING: Final[tuple[object, ...]] = (None, "", [], {})


def is_id(text: str) -> bool:
    """Return whether ``text`` can be the id of a resource: 1 to 64 of ``A-Z a-z 0-9 - .``."""
    return _ID.fullmatch(text) is not None


def resource(kind: str, elements: Mapping[str, Any], *, id_: str | None = None) -> Element:
    """Return a resource of type ``kind``; what is not there is left out.

    Args:
        kind: its type, as ``Patient``.
        elements: its elements; ``None`` and what is empty are left out.
        id_: its id. It stands in addresses and logs, so it is never a person's number.

    Raises:
        UsageError: ``id_`` cannot be an id.
    """
    if id_ is not None and not is_id(id_):
        raise UsageError("the id of a FHIR resource is 1 to 64 letters, digits, dashes and dots")
    return present({"resourceType": kind, "id": id_, **elements})


def present(elements: Mapping[str, Any]) -> Element:
    """Return the elements that are there: FHIR knows no null and no empty value."""
    return {name: value for name, value in elements.items() if value not in _NOTHING}


def string(text: str | None) -> str | None:
    r"""Return a text as FHIR writes strings; ``None`` if nothing is left of it.

    Programs do not agree whether ``\S`` takes in the wide and narrow blanks of Unicode, so each
    becomes a plain one; blanks at the ends go.
    """
    if text is None:
        return None
    return "".join(" " if one.isspace() else one for one in text).strip() or None


def day(value: date | None) -> str | None:
    """Return a date as FHIR writes it."""
    return None if value is None else value.isoformat()


def moment(at: datetime) -> str:
    """Return a moment as an instant in UTC, to the second.

    Raises:
        UsageError: ``at`` has no time zone.
    """
    if at.tzinfo is None:
        raise UsageError("a moment in FHIR has a time zone")
    return at.astimezone(UTC).isoformat(timespec="seconds")


def coding(system: str, code: str) -> Element:
    """Return a CodeableConcept of one code."""
    return {"coding": [{"system": str(system), "code": str(code)}]}


def identifier(system: str, value: str, *, type_code: str | None = None) -> Element:
    """Return an official Identifier; ``type_code`` is one of HL7's table 0203."""
    kind = None if type_code is None else coding(Hl7.IDENTIFIER_TYPE, type_code)
    return present({"use": "official", "type": kind, "system": system, "value": value})


def reference(kind: str, id_: str | None, *, named: Element | None = None) -> Element:
    """Return a Reference to a resource of type ``kind``, by its id here, its identifier, or both.

    Raises:
        UsageError: neither is given, or ``id_`` cannot be an id.
    """
    if id_ is None and named is None:
        raise UsageError("a FHIR reference needs an id or an identifier")
    if id_ is not None and not is_id(id_):
        raise UsageError("a FHIR reference needs an id of letters, digits, dashes and dots")
    target = None if id_ is None else f"{kind}/{id_}"
    return present({"reference": target, "type": kind, "identifier": named})


def period(start: date, end: date | None) -> Element | None:
    """Return a Period, both days within it; ``None`` if it ends before it starts.

    Such a one is on a card that nobody signed: half of it would read as a period without end.
    """
    if end is not None and end < start:
        return None
    return present({"start": day(start), "end": day(end)})
