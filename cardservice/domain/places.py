"""Points of issue: when they are open, what they do, and the times one can book.

Source: domain.md, "Register of places".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum, unique
from typing import Final

from cardservice.domain.numbers import Okato
from cardservice.domain.terms import Calendar
from cardservice.errors import UsageError

DAYS_OF_WEEK: Final = 7


@unique
class Service(StrEnum):
    """What a point of issue does."""

    APPLICATIONS = "applications"
    HAND_OVER = "hand-over"
    INSURER_RECORD = "insurer-record"  # writes it to the card one holds
    COMPLAINTS = "complaints"


@unique
class Collectable(StrEnum):
    """What can be collected there."""

    CARD = "card"
    PAPER_POLICY = "paper-policy"
    TEMPORARY_CERTIFICATE = "temporary-certificate"


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when on one day of the week (0 Monday to 6 Sunday), local time."""

    weekday: int
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not 0 <= self.weekday < DAYS_OF_WEEK:
            raise UsageError("a day of the week is 0 to 6")
        if self.opens >= self.closes:
            raise UsageError("a place opens before it closes")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOfIssue:
    """A point of issue.

    Attributes:
        name, address: as people read them.
        okato: its region.
        hours: when it is open; two on one day for a break between.
        services: what it does.
        collectables: what can be collected there.
        slot: how long one visit takes, for booking.
        desks: how many visits at a time.
    """

    name: str
    address: str
    okato: Okato
    hours: tuple[Hours, ...]
    services: frozenset[Service]
    collectables: frozenset[Collectable]
    slot: timedelta = timedelta(minutes=15)
    desks: int = 1

    def __post_init__(self) -> None:
        if self.slot <= timedelta() or self.desks < 1:
            raise UsageError("a visit takes time, and a place has a desk")

    def hours_on(self, day: date, calendar: Calendar) -> tuple[Hours, ...]:
        """Return when the place is open on ``day``, in order; nothing on a holiday.

        A weekend day with hours of its own is open although it is not worked on.
        """
        found = (one for one in self.hours if one.weekday == day.weekday())
        is_holiday = day.weekday() < DAYS_OF_WEEK - 2 and not calendar.is_working(day)
        return () if is_holiday else tuple(sorted(found, key=lambda one: one.opens))

    def slots_on(self, day: date, calendar: Calendar) -> Iterator[datetime]:
        """Return the beginnings of the visits one can book on ``day``, local time, in order."""
        for hours in self.hours_on(day, calendar):
            start, end = (datetime.combine(day, one) for one in (hours.opens, hours.closes))
            while end - start >= self.slot:
                yield start
                start += self.slot
