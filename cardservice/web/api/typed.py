"""Kinds of members that requests have: bounded, and of one way of writing each."""

import re
from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from cardservice.domain.texts import NOTE_LENGTH, is_showable

SHORT: Final = 100  # characters of a number or name; the longest country name has as many
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_WHY: Final = r"^[A-Za-z0-9][A-Za-z0-9._:/,-]{0,127}$"


def _written_day(value: object) -> object:
    # Else a number would pass for a day: seconds since 1970.
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise PydanticCustomError("date-format", "The date is not a day written YYYY-MM-DD.")


def _showable(text: str) -> str:
    if is_showable(text):
        return text
    sentence = "The text holds an invisible, control or unassigned character."
    raise PydanticCustomError("control-character", sentence)


Day = Annotated[date, BeforeValidator(_written_day)]
Flag = Annotated[bool, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
Version = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
Line = Annotated[str, StringConstraints(max_length=NOTE_LENGTH), AfterValidator(_showable)]
ShortLine = Annotated[str, StringConstraints(max_length=SHORT), AfterValidator(_showable)]
Named = Annotated[str, StringConstraints(min_length=1, max_length=SHORT), AfterValidator(_showable)]
Words = Annotated[
    str, StringConstraints(min_length=1, max_length=NOTE_LENGTH), AfterValidator(_showable)
]
Why = Annotated[str, StringConstraints(pattern=_WHY)]
"""A code, perhaps with an id after it; it is kept, so it holds nothing of a person."""
