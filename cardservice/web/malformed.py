"""What is wrong with the form of a request, field by field; nothing that was sent is quoted."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi.exceptions import RequestValidationError

from cardservice.domain.findings import Finding

MOST_FAULTS: Final = 100  # one request may have thousands; nobody reads more
_FIELD_LENGTH: Final = 100  # characters; the longest name of ours has half of them
_UNKNOWN: Final = "extra_forbidden"
_OTHER: Final = ("type-wrong", "The value does not have the expected form.")
_SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("field-missing", "The field is missing."),
    _UNKNOWN: ("field-unknown", "There is a field that is not known."),
    "json_invalid": ("not-json", "The request is not JSON."),
    "string_too_long": ("text-too-long", "The text is too long."),
    "string_too_short": ("text-too-short", "The text is too short."),
    "too_long": ("list-too-long", "The list is too long."),
    "enum": ("choice-unknown", "This is none of the values there are."),
    "date-format": ("date-format", "The date is not a day written YYYY-MM-DD."),
    "control-character": (
        "control-character",
        "The text holds an invisible, control or unassigned character.",
    ),
}


def faults_of(error: RequestValidationError) -> Iterator[Finding]:
    """Yield what is wrong, each beside its field (``form.person.surname``); 100 at most."""
    for one in error.errors()[:MOST_FAULTS]:
        code, sentence = _SENTENCES.get(one["type"], _OTHER)
        yield Finding(_field(one), code, sentence)


def _field(fault: Mapping[str, Any]) -> str:
    where, *names = fault["loc"]
    if fault["type"] == _UNKNOWN:
        names = names[:-1]  # it is the sender's, not ours
    return ".".join(map(str, names))[:_FIELD_LENGTH] or str(where)
