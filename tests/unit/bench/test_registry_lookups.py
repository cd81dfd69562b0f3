"""The register's figures: fictional people that hold together, and measurements that work."""

from collections.abc import Callable
from itertools import islice

import pytest

from bench.figures import QUICK, Figure, Pace
from bench.registry_lookups import (
    by_enp,
    by_name,
    queue_page,
    sqlite_by_enp,
    sqlite_by_name,
    sqlite_queue_page,
)
from bench.registry_people import PARTS, enp, person
from cardservice.domain.enp import disagreements
from cardservice.domain.numbers import parse_enp

MEASURES = (by_enp, by_name, queue_page, sqlite_by_enp, sqlite_by_name, sqlite_queue_page)


def test_drawn_numbers_are_of_region_00_right_and_different() -> None:
    numbers = [*range(100), *range(29_990, 30_010), *range(59_990, 60_010), 21_999_999]
    drawn = [parse_enp(enp(number)) for number in numbers]
    assert len(set(drawn)) == len(numbers)
    for number, one in zip(numbers, drawn, strict=True):
        whose = person(number)
        assert disagreements(one, birth_date=whose.birth_date, sex=whose.sex) == ()


def test_every_part_has_as_many_rows_as_asked_for() -> None:
    for part in PARTS.values():
        rows = b"".join(islice(part.rows(45), 10)).splitlines()
        assert len(rows) == -(-45 // part.each)
        assert all(row.count(b"\t") == len(part.columns) - 1 for row in rows)


@pytest.mark.parametrize("measure", MEASURES)
def test_each_measurement_returns_a_figure_of_its_own_name(
    measure: Callable[[Pace], Figure],
) -> None:
    figure = measure(QUICK)
    assert isinstance(figure, Figure)
    assert figure.unit == "ms"
    assert figure.name.startswith("registry.")
    assert "500 policies" in str(figure.note)
