"""A presentation as it travels to the service, and as the desk's queue keeps it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from cardservice.desk.presentations import BearerCheck, Presentation, Substitute
from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.verdict import Outcome
from cardservice.errors import MalformedDataError

_CARD_DIGITS: Final = 12
_CARD: Final = re.compile(r"[0-9a-f]{12}")
_MOST_WRONG: Final = 1_000
_LONGEST_REASON: Final = 64


def say_moment(at: datetime) -> str:
    """Return a moment as RFC 3339 in UTC, with ``Z``."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_moment(text: object) -> datetime:
    """Return the moment of RFC 3339; raises MalformedDataError."""
    try:
        at = datetime.fromisoformat(text if isinstance(text, str) else "-")
        utc = at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _no_moment() from None
    if at.tzinfo is None:
        raise _no_moment()
    return utc


def card_number_text(number: int) -> str:
    """Return list number and index of a card as 12 hexadecimal digits."""
    return f"{number:0{_CARD_DIGITS}x}"


def say_presentation(one: Presentation) -> dict[str, Any]:
    """Return a presentation as members of JSON."""
    return {
        "id": str(one.id),
        "at": say_moment(one.at),
        "grade": one.grade.value,
        "outcome": None if one.outcome is None else one.outcome.value,
        "reason": one.reason,
        "card_number": None if one.card_number is None else card_number_text(one.card_number),
        "offline": one.offline,
        "wrong_numbers": one.wrong_numbers,
        "bearer": None if one.bearer is None else one.bearer.value,
        "substitute": None if one.substitute is None else one.substitute.value,
    }


def read_presentation(members: Mapping[str, Any]) -> Presentation:
    """Return the presentation that ``say_presentation`` wrote; raises MalformedDataError."""
    try:
        outcome, bearer, other = (members[one] for one in ("outcome", "bearer", "substitute"))
        return Presentation(
            id=UUID(_text(members["id"])),
            at=read_moment(members["at"]),
            grade=TimeGrade(members["grade"]),
            outcome=None if outcome is None else Outcome(outcome),
            reason=_text(members["reason"])[:_LONGEST_REASON],
            card_number=_card_number(members["card_number"]),
            offline=members["offline"] is True,
            wrong_numbers=_count(members["wrong_numbers"]),
            bearer=None if bearer is None else BearerCheck(bearer),
            substitute=None if other is None else Substitute(other),
        )
    except (KeyError, ValueError, TypeError):
        raise MalformedDataError("not a presentation as it is kept") from None


def _no_moment() -> MalformedDataError:
    return MalformedDataError("not a moment of RFC 3339")


def _card_number(value: object) -> int | None:
    if value is None:
        return None
    if not _CARD.fullmatch(_text(value)):
        raise ValueError
    return int(_text(value), 16)


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _MOST_WRONG:
        raise ValueError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
