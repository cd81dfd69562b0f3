"""What one of the databases could not hold is refused before either sees it."""

from datetime import datetime
from typing import Any

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.storage.engine import Database
from cardservice.storage.tables.columns import FORM
from tests.storage import samples as make


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("surname", "code"),
    [
        ("a\0b", "text-nul"),
        ("\0", "text-nul"),
        ("\ud800", "text-surrogate"),
        ("Я" * 61, "text-too-long"),
        ("Я" * 10_000_000, "text-too-long"),
    ],
)
def test_texts_that_cannot_be_kept_are_refused_and_name_their_field(
    database: Database, surname: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        database.transaction(
            lambda work: work.people.add(make.person(surname=surname)), region=make.REGION
        )
    assert (refused.value.code, refused.value.field) == (code, "surname")
    assert len(str(refused.value)) < 100


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        ({"a": ["x\0"]}, "text-nul"),
        ({"\0": 1}, "text-nul"),
        ([{"a": "\udfff"}], "text-surrogate"),
        ("x" * FORM, "data-too-long"),
        (deep(40), "data-too-deep"),
        (float("nan"), "data-not-finite"),
        ({"a": float("inf")}, "data-not-finite"),
    ],
)
def test_forms_that_cannot_be_kept_are_refused(database: Database, draft: Any, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        database.transaction(
            lambda work: work.applications.add(make.application(draft=draft)), region=make.REGION
        )
    assert (refused.value.code, refused.value.field) == (code, "draft")


@pytest.mark.parametrize("draft", [{1: 2}, {"a": b"octets"}, make.NOW])
def test_values_that_are_no_json_are_our_own_mistake(database: Database, draft: Any) -> None:
    with pytest.raises((UsageError, Refusal)):
        database.transaction(
            lambda work: work.applications.add(make.application(draft=draft)), region=make.REGION
        )


@pytest.mark.parametrize(
    "draft", [None, [], {}, "", 0, -(1 << 62), True, "\u2028\\ \" ' \t\r\n \U0001f600", deep(30)]
)
def test_every_other_form_comes_back_as_it_was(database: Database, draft: Any) -> None:
    row = make.application(draft=draft)
    database.transaction(lambda work: work.applications.add(row), region=make.REGION)
    with database.reading() as work:
        assert work.applications.get(row.region, row.id) == row


@pytest.mark.parametrize("surname", ["'", '"', "\\", "\\N", "\t", "a\nb", "%s", ":x", "{0}", "ё́"])
def test_odd_texts_come_back_as_they_were(database: Database, surname: str) -> None:
    row = make.person(surname=surname)
    database.transaction(lambda work: work.people.add(row), region=make.REGION)
    with database.reading() as work:
        assert work.people.get(row.region, row.id) == row


def test_a_name_that_folds_into_a_much_longer_key_is_kept(database: Database) -> None:
    row = make.person(surname="\ufdfa" * 60, given_name="ﷺ")
    database.transaction(lambda work: work.people.add(row), region=make.REGION)
    with database.reading() as work:
        assert [one.person for one in work.people.search(name="\ufdfa" * 60).rows] == [row]


def test_a_time_without_its_zone_is_our_own_mistake(database: Database) -> None:
    with pytest.raises(Exception, match="without its zone"):
        database.transaction(
            lambda work: work.people.add(make.person(created_at=datetime(2030, 1, 1))),  # noqa: DTZ001
            region=make.REGION,
        )


@pytest.mark.parametrize("region", ["", "0000", "0000a", "000000", "٠٠٠٠٠", "0000\0"])
def test_a_region_is_five_digits(database: Database, region: str) -> None:
    with pytest.raises(Refusal, match="OKATO"):
        database.transaction(lambda _: None, region=region)
