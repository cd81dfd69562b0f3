"""Dates in four octets: every day of the calendar, and nothing else."""

from datetime import date, timedelta

import pytest

from cardservice.policycard.bcd import decode_date, encode_date


def test_every_day_of_two_centuries_comes_back() -> None:
    first, last = date(1850, 1, 1), date(2100, 12, 31)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    assert [decode_date(encode_date(day)) for day in days] == days


def test_day_month_and_year_stand_in_this_order() -> None:
    assert encode_date(date(2004, 12, 3)).hex() == "03122004"


@pytest.mark.parametrize("octets", ["", "031220", "0312200400", "03122100FF"])
def test_a_date_has_four_octets(octets: str) -> None:
    assert decode_date(bytes.fromhex(octets)) is None


@pytest.mark.parametrize(
    "octets", ["00000000", "31022004", "29021900", "00122004", "03002004", "03132004", "03120000"]
)
def test_what_is_not_in_the_calendar_is_none(octets: str) -> None:
    assert decode_date(bytes.fromhex(octets)) is None


@pytest.mark.parametrize(
    "octets", ["0A122004", "1F122004", "03F22004", "0312200A", "0312A004", "FFFFFFFF"]
)
def test_what_is_not_made_of_digits_is_none(octets: str) -> None:
    assert decode_date(bytes.fromhex(octets)) is None
