"""The verdict as a document: its shape is promised to programs, so it stands here in full."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from cardservice.domain.holder import Citizenship
from cardservice.domain.verdict import CheckName, Outcome, Reason
from cardservice.texts.languages import Language
from cardservice.verify.examination import Examination, Problem
from cardservice.web.verdicts import verdict_document, verdict_json
from tests.unit.web import examples

MEMBERS = [
    *("outcome", "deciding", "sentence", "at", "grade", "signed_at", "proved"),
    *("ran", "skipped", "holder", "insurance", "problem", "checks"),
]
GOLDEN = {
    "outcome": "valid",
    "deciding": {"name": "chip-genuine", "reason": "chip-proved"},
    "sentence": "The card is genuine and the policy is in force.",
    "at": "2026-11-22T09:30:00Z",
    "grade": "proven",
    "signed_at": "2026-03-12T00:00:00Z",
    "proved": True,
    "checks": [
        ("chip-genuine", "valid", "chip-proved", True, None),
        ("data-signed", "valid", "data-intact", True, None),
        ("signer-trusted", "valid", "signer-good", True, 7200),
        ("terminal-authorised", "valid", "terminal-not-needed", False, None),
        ("card-not-blocked", "valid", "card-active", True, 720),
        ("policy-in-force", "valid", "policy-good", True, None),
        ("insurer-current", "valid", "insurer-good", True, 720),
        ("cover-here", "valid", "cover-territorial", True, None),
        ("bearer", "undecided", "bearer-not-confirmed", False, None),
    ],
    "ran": ["chip-authentication", "passive-authentication"],
    "skipped": [],
    "holder": {
        "enp": "0054910834000015",
        "surname": "ИВАНОВ",
        "given_name": "ИВАН",
        "patronymic": "ИВАНОВИЧ",
        "sex": "male",
        "birth_date": "1980-05-15",
        "birth_place": None,
        "citizenship": None,
        "snils": "112-233-445 95",
    },
    "insurance": {
        "ogrn": "1009900000010",
        "okato": "00001",
        "start_date": "2023-04-12",
        "end_date": None,
    },
    "problem": None,
}


def document(
    examination: Examination, language: Language = Language.EN, *, holder: bool = True
) -> dict[str, Any]:
    return verdict_document(examination, language=language, holder=holder)


def test_a_valid_card_has_this_document() -> None:
    found = document(examples.examined(examples.verdict()))
    found["checks"] = [tuple(one.values()) for one in found["checks"]]
    assert list(found) == MEMBERS
    assert found == GOLDEN


KNOWN = [one for one in vars(examples).values() if isinstance(one, Examination)]


@pytest.mark.parametrize("examination", [*KNOWN, Examination(problem=Problem.CARD_MUTE)])
@pytest.mark.parametrize("holder", [True, False])
def test_the_text_of_a_document_is_that_document(examination: Examination, holder: bool) -> None:
    for language in Language:
        text = verdict_json(examination, language=language, holder=holder)
        assert json.loads(text) == document(examination, language, holder=holder)


def test_no_code_of_a_check_needs_to_be_escaped_in_json() -> None:
    codes = [*CheckName, *Outcome, *Reason]
    assert all(re.fullmatch("[a-z-]+", one) for one in codes)


def test_a_check_has_these_members() -> None:
    (first, *_) = document(examples.VALID)["checks"]
    assert list(first) == ["name", "outcome", "reason", "decisive", "age_s"]


def test_who_does_not_want_the_person_is_told_none() -> None:
    found = document(examples.VALID, holder=False)
    assert found["holder"] is None
    assert found["insurance"] is not None
    assert "ИВАН" not in str(found)


def test_the_sentence_says_what_decided_in_the_readers_language() -> None:
    bad = examples.examined(
        examples.verdict(card_not_blocked=(Outcome.INVALID, Reason.CARD_BLOCKED))
    )
    english, russian = (document(bad, one)["sentence"] for one in (Language.EN, Language.RU))
    assert english == "The card is blocked."
    assert russian == "Карта заблокирована."


@pytest.mark.parametrize("problem", Problem)
def test_without_a_verdict_the_problem_is_told_and_no_outcome(problem: Problem) -> None:
    found = document(Examination(problem=problem))
    assert list(found) == MEMBERS
    assert (found["outcome"], found["problem"], found["proved"]) == (None, problem, False)
    assert found["sentence"]
    assert (found["checks"], found["ran"], found["skipped"]) == ([], [], [])


def test_an_examination_of_nothing_is_an_unreadable_card() -> None:
    assert document(Examination())["problem"] == "card-unreadable"


def test_two_documents_share_nothing_that_changes() -> None:
    first, second = (document(Examination(problem=Problem.CARD_MUTE)) for _ in range(2))
    first["checks"].append("mine")
    assert second["checks"] == []


def test_a_citizenship_is_given_as_the_card_has_it() -> None:
    holder = replace(examples.IVANOV, citizenship=Citizenship("RUS", "РОССИЯ"))
    found = document(examples.examined(examples.verdict(), holder=holder))
    assert found["holder"]["citizenship"] == {"code": "RUS", "name": "РОССИЯ"}
