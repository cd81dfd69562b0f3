"""When terms end, and when that is near."""

from datetime import date, timedelta

import pytest

from cardservice.domain.due_dates import certificate_until, complaint_due, policy_due
from cardservice.domain.rule_sets import RULES_2011
from cardservice.domain.rules import with_value
from cardservice.domain.terms import (
    WEEKDAYS,
    Standing,
    Term,
    Unit,
    WorkingCalendar,
    age_on,
    last_day,
    next_working,
    standing,
)
from cardservice.errors import UsageError

FRIDAY = date(2026, 11, 20)
HOLIDAYS = WorkingCalendar(
    holidays=frozenset({date(2026, 11, 23)}), worked=frozenset({date(2026, 11, 28)})
)


@pytest.mark.parametrize(
    ("term", "start", "end"),
    [
        (Term(30, Unit.DAYS), FRIDAY, date(2026, 12, 20)),
        (Term(0, Unit.DAYS), FRIDAY, FRIDAY),
        (Term(1, Unit.WORKING_DAYS), FRIDAY, date(2026, 11, 23)),
        (Term(5, Unit.WORKING_DAYS), FRIDAY, date(2026, 11, 27)),
        (Term(1, Unit.MONTHS), date(2026, 1, 31), date(2026, 2, 28)),
        (Term(1, Unit.MONTHS), date(2028, 1, 31), date(2028, 2, 29)),
        (Term(12, Unit.MONTHS), date(2026, 12, 5), date(2027, 12, 5)),
        (Term(1, Unit.MONTHS), date(2026, 12, 5), date(2027, 1, 5)),
        (Term(1, Unit.MONTHS), date(9999, 12, 5), date.max),
        (Term(30, Unit.DAYS), date(9999, 12, 25), date.max),
        (Term(30, Unit.WORKING_DAYS), date(9999, 12, 25), date.max),
    ],
)
def test_a_term_ends_on_its_day(term: Term, start: date, end: date) -> None:
    assert last_day(term, start, WEEKDAYS) == end


def test_holidays_and_worked_weekends_count_as_the_calendar_says() -> None:
    assert last_day(Term(1, Unit.WORKING_DAYS), FRIDAY, HOLIDAYS) == date(2026, 11, 24)
    assert next_working(date(2026, 11, 28), HOLIDAYS) == date(2026, 11, 28)
    assert next_working(date(2026, 11, 28), WEEKDAYS) == date(2026, 11, 30)


def test_a_calendar_without_working_days_is_an_error_and_no_endless_search() -> None:
    days = frozenset(FRIDAY + timedelta(days=one) for one in range(100))
    with pytest.raises(UsageError):
        next_working(FRIDAY, WorkingCalendar(holidays=days))


@pytest.mark.parametrize("count", [-1, 3_661])
def test_a_term_out_of_bounds_cannot_be_made(count: int) -> None:
    with pytest.raises(UsageError):
        Term(count, Unit.DAYS)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (6, Standing.IN_TIME),
        (5, Standing.NEARLY_OVERDUE),
        (0, Standing.NEARLY_OVERDUE),
        (-1, Standing.OVERDUE),
    ],
)
def test_a_thing_is_shown_before_it_is_overdue(left: int, expected: Standing) -> None:
    assert standing(FRIDAY + timedelta(days=left), FRIDAY, warning_days=5) is expected


def test_the_due_dates_follow_the_rules() -> None:
    assert policy_due(FRIDAY, RULES_2011, WEEKDAYS) == date(2026, 12, 20)
    assert complaint_due(FRIDAY, RULES_2011, WEEKDAYS) == date(2026, 12, 20)
    assert certificate_until(FRIDAY, RULES_2011, WEEKDAYS) == date(2027, 1, 1)


def test_a_certificate_never_ends_before_its_policy_is_due() -> None:
    short = with_value(RULES_2011, "certificate_term", Term(3, Unit.DAYS))
    assert certificate_until(FRIDAY, short, WEEKDAYS) == policy_due(FRIDAY, short, WEEKDAYS)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2008, 11, 20), FRIDAY, 18),
        (date(2008, 11, 21), FRIDAY, 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2027, 1, 1), FRIDAY, -1),
    ],
)
def test_an_age_is_full_years(born: date, on: date, age: int) -> None:
    assert age_on(born, on) == age


def test_a_term_reads_as_people_say_it() -> None:
    assert [str(Term(1, Unit.MONTHS)), str(Term(45, Unit.WORKING_DAYS))] == [
        "1 month",
        "45 working days",
    ]
