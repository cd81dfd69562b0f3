import re

from cardservice.conformance.pack import CASES
from cardservice.conformance.terms import Effect, Group
from scripts.conformance_page import PAGE, page


def test_there_are_a_hundred_cases_and_more_of_every_group() -> None:
    assert len(CASES) > 400
    assert {case.group for case in CASES} == set(Group)


def test_numbers_are_given_once_and_name_their_group() -> None:
    numbers = [case.number for case in CASES]
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"[A-Z]{2}-[0-9]{3}", number) for number in numbers)


def test_every_case_has_its_own_sentence_and_a_clause() -> None:
    titles = [case.title for case in CASES]
    assert len(set(titles)) == len(titles)
    assert all(case.clause.startswith("card.md §") for case in CASES)


def test_only_the_last_step_destroys() -> None:
    assert [case.number for case in CASES if case.effect is Effect.DESTROYS] == ["LC-907"]


def test_the_page_is_what_the_cases_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
