"""Whether two records are one person, and the form of a name that is compared."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cardservice.domain.identity import Identity, Match, Sign, compare, find
from cardservice.domain.search_text import name_key, search_form

ONE = Identity(
    surname="Ёлкина-Берёзова",
    given_name="Анна",
    patronymic="Петровна",
    birth_date=date(1990, 5, 5),
    birth_place="г. Макетный",
    enp="0054910834000015",
    snils="508-328-107 70",
)
BARE = replace(ONE, enp="", snils="", birth_place="")


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({}, Match.SAME),
        ({"surname": "елкина березова"}, Match.SAME),
        ({"snils": "", "surname": "Сосна"}, Match.SAME),
        ({"enp": "", "birth_date": date(1990, 5, 6)}, Match.SAME),
        ({"enp": "1", "surname": "Сосна"}, Match.SAME),
        ({"surname": "Сосна", "birth_date": date(1990, 5, 6)}, Match.MAYBE),
        ({"surname": "Сосна", "birth_date": None, "snils": ""}, Match.MAYBE),
        ({"enp": "", "snils": ""}, Match.MAYBE),
        ({"enp": "", "snils": "", "surname": "Сосна"}, Match.MAYBE),
        ({"enp": "", "snils": "", "surname": "Сосна", "birth_place": ""}, Match.DIFFERENT),
        ({"enp": "1", "snils": ""}, Match.MAYBE),
        ({"enp": "1", "snils": "2"}, Match.DIFFERENT),
        ({"enp": "", "snils": "", "birth_date": date(1991, 5, 5)}, Match.DIFFERENT),
        ({"enp": "", "snils": "", "patronymic": "Ивановна"}, Match.DIFFERENT),
    ],
)
def test_two_records_are_the_same_by_a_number_and_one_more_sign(
    changes: dict[str, Any], match: Match
) -> None:
    other = replace(ONE, **changes)
    assert compare(ONE, other).match is match
    assert compare(other, ONE) == compare(ONE, other)


def test_what_is_not_known_of_either_has_nothing_in_common() -> None:
    empty = Identity(surname="", given_name="")
    assert compare(empty, empty) == compare(empty, ONE)
    assert compare(empty, empty).match is Match.DIFFERENT


def test_half_a_name_is_no_name() -> None:
    half = Identity(surname="Ёлкина", given_name="", enp="1")
    assert compare(half, half).match is Match.MAYBE


def test_a_comparison_says_what_it_rests_on() -> None:
    signs = compare(ONE, replace(ONE, enp="1", birth_place="")).signs
    assert signs == {Sign.ENP_DIFFERS, Sign.SNILS, Sign.NAME, Sign.BIRTH_DATE}


def test_a_second_application_finds_the_first_policy() -> None:
    found = find(BARE, [("a", replace(BARE, given_name="Яна")), ("b", ONE), ("c", BARE)])
    assert (found.same, found.maybe) == ((), ("b", "c"))
    assert find(ONE, [("b", ONE), ("d", BARE)]).same == ("b",)


def test_an_identity_prints_nobody() -> None:
    assert "Анна" not in repr(ONE)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Ёлкин", "елкин"),
        ("Е\u0308лкин", "елкин"),
        ("ИВАНОВ\u2013ПЕТРОВ", "иванов петров"),
        ("Иванов - Петров", "иванов петров"),
        ("д\u2019Артаньян", "дартаньян"),
        ("О'Коннор", "оконнор"),
        ("  Анна\u00a0\tМария ", "анна мария"),
        ("Ива\u200bнов\u00ad", "иванов"),
        ("Йод", "йод"),
        ("И\u0306од", "йод"),
        ("Ива\u0301нов", "иванов"),
        ("José Müller", "jose muller"),
        ("Їжак", "їжак"),
        ("", ""),
        ("-", ""),
    ],
)
def test_a_name_has_one_form_for_all_ways_of_writing_it(text: str, form: str) -> None:
    assert search_form(text) == form


def test_a_whole_name_begins_with_the_surname() -> None:
    assert name_key("Ёлкина", "Анна", "") == "елкина анна"
    assert name_key("Ёлкина", "Анна", "Петровна") == "елкина анна петровна"
