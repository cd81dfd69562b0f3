"""Persons are found however their name is typed, and by nothing that only looks like a pattern."""

from datetime import date

import pytest

from cardservice.domain.search_text import name_key
from cardservice.errors import Refusal, UsageError
from cardservice.storage.engine import Database
from cardservice.storage.paging import Ask
from cardservice.storage.rows.people import Person
from tests.storage import samples as make

ALYONA = "Берёзкина-Ёлкина Алёна Семёновна"


def store(database: Database, *people: Person) -> None:
    database.transaction(lambda work: work.people.add(*people), region=make.REGION)


def found(database: Database, name: str = "", *, born: date | None = None) -> list[Person]:
    with database.reading() as work:
        return [one.person for one in work.people.search(name=name, birth_date=born).rows]


@pytest.mark.parametrize(
    "typed",
    [
        "Берёзкина-Ёлкина Алёна Семёновна",
        "БЕРЕЗКИНА ЕЛКИНА",
        "берёз",
        "березкина\u2010елкина ал",
        "  берёзкина   ёлкина  алена сем",
        "Бере\u0308зкина",
        "б",
    ],
)
def test_a_person_is_found_by_the_beginning_of_their_name(database: Database, typed: str) -> None:
    alyona = make.person(ALYONA)
    store(database, alyona, make.person("Волков Алёна"), make.person("Ябедин Пётр"))
    assert found(database, typed) == [alyona]


@pytest.mark.parametrize("typed", ["Елкина", "Алёна", "Березкина Вера", "%", "_ерезкина", "бер%"])
def test_neither_the_middle_of_a_name_nor_a_pattern_finds_anybody(
    database: Database, typed: str
) -> None:
    store(database, make.person(ALYONA))
    assert found(database, typed) == []


@pytest.mark.parametrize(
    "typed", ["'; DROP TABLE persons; --", '"', "\\", "x'", "a\0b", "Я" * 10**5]
)
def test_hostile_texts_find_nobody_and_break_nothing(database: Database, typed: str) -> None:
    alyona = make.person(ALYONA)
    store(database, alyona)
    assert found(database, typed) == []
    assert found(database, "берез") == [alyona]


def test_a_name_with_a_wildcard_in_it_is_found_by_it(database: Database) -> None:
    odd = make.person("100% Ёж_ик")
    store(database, odd, make.person("1000 Ёж ик"))
    assert found(database, "100% еж_") == [odd]


def test_name_and_birth_date_narrow_each_other(database: Database) -> None:
    here, there = make.person(ALYONA), make.person(ALYONA, born=make.TODAY)
    store(database, here, there, make.person("Волков Глеб"))
    assert found(database, "берез", born=make.BORN) == [here]
    assert len(found(database, born=make.BORN)) == 2


def test_nothing_to_search_for_is_refused(database: Database) -> None:
    for nothing in ("", "  ", "\u00ad", "'", "\0", "\ud800"):
        with pytest.raises(Refusal) as refused:
            found(database, nothing)
        assert refused.value.code == "search-empty"


def test_merged_and_erased_records_are_left_out_and_a_merger_can_be_followed(
    database: Database,
) -> None:
    kept = make.person(ALYONA)
    merged = make.person(ALYONA, merged_into=kept.id)
    store(database, kept)
    store(database, merged, make.person(ALYONA, erased_at=make.NOW))
    assert found(database, "берез") == [kept]
    with database.reading() as work:
        assert work.people.merged_into(kept.region, kept.id) == (merged,)


def test_a_search_shows_the_policies_of_each(database: Database) -> None:
    person, other = make.person(ALYONA, snils="000-000-000 00"), make.person(ALYONA)
    policy = make.policy(person)
    store(database, person, other)
    database.transaction(lambda work: work.policies.add(policy), region=make.REGION)
    with database.reading() as work:
        rows = work.people.search(name="берез").rows
        assert [one.policies for one in rows] == [(policy,), ()]
        assert [one.person for one in work.people.by_snils("000-000-000 00")] == [person]
        assert work.people.by_snils("000-000-000 01") == ()


def test_pages_hold_everybody_once_in_order_also_when_somebody_comes_in_between(
    database: Database,
) -> None:
    people = [make.person(f"Пробин{suffix} Иван") for suffix in ("", "", "", "а", "б", "в", "г")]
    store(database, *people)
    seen: list[Person] = []
    ask: Ask | None = Ask(limit=2)
    while ask is not None:
        with database.reading() as work:
            page = work.people.search(name="пробин", ask=ask)
        assert len(page.rows) <= 2
        seen += [one.person for one in page.rows]
        ask = None if page.after is None else Ask(limit=2, after=page.after)
        if len(seen) == 4:
            store(database, make.person("Пробин Авдей"))  # before the page that comes
    assert seen == people


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_page_is_bounded(limit: int) -> None:
    with pytest.raises(UsageError, match="1 to 200"):
        Ask(limit=limit)


def test_a_mark_of_another_list_is_refused(database: Database) -> None:
    with pytest.raises(UsageError, match="another list"), database.reading() as work:
        work.people.search(name="a", ask=Ask(after=("x",)))


def test_many_are_looked_up_at_once_by_number_or_by_name_and_birth_date(
    database: Database,
) -> None:
    kept = make.person("Первый Проба")
    merged = make.person("Второй Проба", merged_into=kept.id)
    numbered = make.person("Третий Проба", snils="000-000-001 00")
    named, other_day = make.person("Ёлкин Пётр"), make.person("Ёлкин Пётр", born=make.TODAY)
    policy = make.policy(merged)
    store(database, kept, merged, numbered, named, other_day)
    database.transaction(lambda work: work.policies.add(policy), region=make.REGION)
    with database.reading() as work:
        alike = work.people.alike(
            enps=[policy.enp, "0087599796000427"],
            snils=["000-000-001 00"],
            named=[(name_key("ЕЛКИН", "пётр", ""), make.BORN)],
        )
        assert work.people.alike(enps=[], snils=[], named=[]) == ()
    assert {one.person.id: one.policies for one in alike} == {
        merged.id: (policy,),
        numbered.id: (),
        named.id: (),
    }
