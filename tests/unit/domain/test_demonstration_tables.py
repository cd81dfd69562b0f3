"""The tables that come with the package."""

import csv

import pytest

from cardservice.data import Table, read_table
from cardservice.domain.numbers import parse_ogrn, parse_okato
from tests.shared import data


@pytest.mark.parametrize("table", Table)
def test_the_packaged_table_is_the_shared_one(table: Table) -> None:
    assert read_table(table) == data(table.value)


def test_every_insurer_has_a_good_number() -> None:
    insurers = list(csv.DictReader(read_table(Table.INSURERS).decode().splitlines()))
    assert len(insurers) == 3
    assert all(parse_ogrn(one["ogrn"]) and parse_okato(one["okato"]) for one in insurers)
