"""Every text of the applicant's pages has its Russian, and days are read as people write them."""

from datetime import date

import pytest

from cardservice.web.office.apply.days import read_day, show_day
from tests.unit.web_office.catalogs import fuzzy_or_unused, untranslated


def test_every_text_has_its_russian() -> None:
    assert untranslated("apply") == set()


def test_the_catalog_has_nothing_that_no_page_says() -> None:
    assert fuzzy_or_unused("apply") == set()


@pytest.mark.parametrize("text", ["29.02.1980", "29.2.1980", " 29/02/1980 ", "1980-02-29"])
def test_a_day_is_read_in_several_ways(text: str) -> None:
    assert read_day(text) == date(1980, 2, 29)


@pytest.mark.parametrize(
    "text", ["", "29.02.1981", "1.1.80", "٢٩.٠٢.1980", "0000-01-01", "29.02.1980" + "0" * 20]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text) is None


def test_a_day_is_shown_as_it_is_typed() -> None:
    assert (show_day("1980-02-29"), show_day("")) == ("29.02.1980", "")
