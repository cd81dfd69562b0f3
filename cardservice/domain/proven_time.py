"""A moment, and how far it can be believed: the clock of a clinic's PC is set by anybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique


@unique
class TimeGrade(StrEnum):
    """How a desk knows its time."""

    PROVEN = "proven"  # signed by the service, carried on by a clock that never goes back
    AT_LEAST = "at-least"  # the PC's clock, which is not before the last proven time
    UNKNOWN = "unknown"  # the PC's clock is before the last proven time: it is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Now, as a desk knows it.

    Attributes:
        at: UTC. Of grade ``UNKNOWN`` the last proven time, which has passed for sure.
        grade: how it is known.
        since_proof: since the service last signed the time, at least; None: it never did.
    """

    at: datetime
    grade: TimeGrade
    since_proof: timedelta | None = None
