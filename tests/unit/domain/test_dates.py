"""Dates of a table: one form, of the calendar, not in the future."""

from datetime import date

import pytest

from cardservice.domain.dates import parse_past_date
from cardservice.errors import Refusal

TODAY = date(2026, 11, 22)


def parse(text: str) -> date:
    return parse_past_date(text, field="birth_date", words="birth date", today=TODAY)


@pytest.mark.parametrize("text", ["1900-01-02", "2000-02-29", "2026-11-22"])
def test_a_date_up_to_today_is_read(text: str) -> None:
    assert parse(text).isoformat() == text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "missing"),
        ("30.01.1981", "format"),
        ("19810130", "format"),
        ("1981-1-30", "format"),
        ("1981-W05-5", "format"),
        ("１９８１-01-30", "format"),
        ("1981-01-30\n", "format"),
        ("1981-02-30", "impossible"),
        ("1900-02-29", "impossible"),
        ("0000-01-01", "impossible"),
        ("1900-01-01", "impossible"),
        ("1899-12-31", "impossible"),
        ("2026-11-23", "in-future"),
    ],
)
def test_any_other_is_refused_by_code(text: str, fault: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(text)
    assert (refused.value.code, refused.value.field) == (f"birth-date-{fault}", "birth_date")
