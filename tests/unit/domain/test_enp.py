"""What the number says of its holder is a warning; the demonstration table agrees throughout."""

from datetime import date

import pytest

from cardservice.data import Table, read_table
from cardservice.domain.enp import birth_code, disagreements
from cardservice.domain.holder import Sex
from cardservice.domain.numbers import Enp
from cardservice.domain.rows import Accepted, read_rows
from tests.shared import golden

TODAY = date(2026, 11, 22)


def test_no_row_of_the_table_disagrees_with_its_number() -> None:
    table = read_table(Table.HOLDERS).splitlines()
    accepted = [one for one in read_rows(table, today=TODAY) if isinstance(one, Accepted)]
    holders = [one.order.holder for one in accepted]
    assert len(holders) == 220
    assert not any(
        disagreements(one.enp, birth_date=one.birth_date, sex=one.sex) for one in holders
    )


@pytest.mark.parametrize("name", ["owner-plain", "owner-minimal"])
def test_the_golden_numbers_hold_birth_date_and_sex(name: str) -> None:
    fields = golden(name)["fields"]
    code = birth_code(date.fromisoformat(fields["birth_date"]), Sex(fields["sex"]))
    assert fields["enp"][2:10] == code


@pytest.mark.parametrize(
    ("birth_date", "sex", "word"),
    [
        (date(1980, 6, 15), Sex.MALE, "month"),
        (date(1981, 5, 15), Sex.MALE, "year"),
        (date(1980, 5, 16), Sex.MALE, "day"),
        (date(1980, 5, 15), Sex.FEMALE, "sex"),
    ],
)
def test_another_birth_date_or_sex_is_a_warning(birth_date: date, sex: Sex, word: str) -> None:
    (warning,) = disagreements(Enp("0054910834000015"), birth_date=birth_date, sex=sex)
    assert word in warning


def test_the_month_tells_the_century_of_birth() -> None:
    ages = [birth_code(date(year, 1, 1), Sex.FEMALE)[:2] for year in (1950, 1951, 2000, 2001)]
    assert ages == ["78", "58", "58", "98"]
