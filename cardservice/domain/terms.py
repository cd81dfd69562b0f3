"""Terms of days, working days and months; when they end, and whether that is near.

A term is counted from the day after the one it begins with; a term of months ends on the same
day of its last month, or on that month's last one.

Source: Civil Code of the Russian Federation, articles 191 to 193.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum, unique
from typing import Final, Protocol

from typing_extensions import override

from cardservice.errors import UsageError

MONTHS_IN_YEAR: Final = 12
LONGEST_TERM: Final = 3_660  # of any unit; a longer one is a mistake in a setting
LONGEST_REST: Final = 60  # days without a working one; a calendar that has more is not one
_FIRST_WEEKEND_DAY: Final = 5  # date.weekday() of a Saturday


@unique
class Unit(StrEnum):
    DAYS = "days"
    WORKING_DAYS = "working-days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Term:
    """How long something may take."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 <= self.count <= LONGEST_TERM:
            raise UsageError(f"a term counts from 0 to {LONGEST_TERM}, not {self.count}")

    @override
    def __str__(self) -> str:
        words = self.unit.value.replace("-", " ")
        return f"{self.count} {words.removesuffix('s') if self.count == 1 else words}"


class Calendar(Protocol):
    """Which days are worked on; the government says so anew every year."""

    def is_working(self, day: date) -> bool:
        """Return whether ``day`` is a working day."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Monday to Friday, but for ``holidays``, and the weekend days that are ``worked``."""

    holidays: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Return whether ``day`` is a working day."""
        if day in self.worked:
            return True
        return day.weekday() < _FIRST_WEEKEND_DAY and day not in self.holidays


WEEKDAYS: Final = WorkingCalendar()


def last_day(term: Term, start: date, calendar: Calendar) -> date:
    """Return the last day of ``term`` that begins with ``start``; the calendar's end bounds it."""
    match term.unit:
        case Unit.DAYS:
            return _days_after(start, term.count)
        case Unit.MONTHS:
            return _months_after(start, term.count)
        case Unit.WORKING_DAYS:
            return _working_days_after(start, term.count, calendar)


def next_working(day: date, calendar: Calendar) -> date:
    """Return ``day`` if it is worked on, else the first working day after it.

    A term that binds a person ends then (Civil Code, article 193).

    Raises:
        UsageError: the calendar has no working day for two months.
    """
    for _ in range(LONGEST_REST):
        if day == date.max or calendar.is_working(day):
            return day
        day = _days_after(day, 1)
    raise UsageError(f"the calendar has no working day in {LONGEST_REST} days")


def _days_after(start: date, count: int) -> date:
    return start + timedelta(days=min(count, (date.max - start).days))


def _months_after(start: date, count: int) -> date:
    years, month = divmod(start.month - 1 + count, MONTHS_IN_YEAR)
    year = start.year + years
    if year > MAXYEAR:
        return date.max
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _working_days_after(start: date, count: int, calendar: Calendar) -> date:
    day = start
    for _ in range(count):
        day = next_working(_days_after(day, 1), calendar)
    return day


@unique
class Standing(StrEnum):
    """Where a thing that is due stands."""

    IN_TIME = "in-time"
    NEARLY_OVERDUE = "nearly-overdue"
    OVERDUE = "overdue"


def standing(due: date, on: date, *, warning_days: int) -> Standing:
    """Return where a thing due on ``due`` stands; overdue begins the day after.

    Source: domain.md, "Rules with teeth", 5: shown before they are overdue.
    """
    left = (due - on).days
    if left < 0:
        return Standing.OVERDUE
    return Standing.NEARLY_OVERDUE if left <= warning_days else Standing.IN_TIME


def age_on(birth_date: date, on: date) -> int:
    """Return the full years from ``birth_date`` to ``on``; negative before birth.

    Who was born on 29 February is a year older from 1 March in other years.
    """
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
