"""The list of today, in both languages: no code, and what the register said."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from cardservice.desk.presentations import Substitute
from cardservice.domain.verdict import Outcome
from cardservice.papers.statement.signed import sign_statement
from cardservice.texts.languages import Language
from cardservice.web.desk.aside import NOT_FOUND, UNREACHABLE, RegisterShown, RegisterTold
from cardservice.web.desk.past import History, Past
from cardservice.web.desk.present_history import history_view
from cardservice.web.desk.scanned import TIME_UNKNOWN, outcome_of, read_paper
from cardservice.web.desk.views import PastView
from tests.unit.web.desk.test_clerk import IN_FORCE, KEY, NOW, STATEMENT

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def line(past: Past, language: Language) -> PastView:
    (shown,) = history_view(History((past,)), language)
    return shown


def refused(text: str) -> Past:
    paper = read_paper(text, [], NOW)
    assert paper is not None
    return Past(at=AT, reader=None, outcome=outcome_of(paper), refusal=paper.refusal)


@pytest.mark.parametrize("text", ["OMS1:", "OMS1:!!!", "OMS1:" + "A" * 2000])
@pytest.mark.parametrize("language", list(Language))
def test_a_paper_that_was_not_taken_says_why_in_a_sentence(text: str, language: Language) -> None:
    said = line(refused(text), language).sentence
    assert said.endswith(".")
    assert "statement-" not in said


def test_the_sentences_of_the_two_languages_differ() -> None:
    for past in (
        refused(sign_statement(STATEMENT, KEY)),
        Past(at=AT, reader=None, outcome=Outcome.UNDECIDED, refusal=TIME_UNKNOWN),
    ):
        english, russian = (line(past, one).sentence for one in (Language.EN, Language.RU))
        assert past.refusal is not None
        assert english == past.refusal[1]
        assert russian not in {english, ""}


def test_what_the_register_said_is_told_apart() -> None:
    asked = Past(at=AT, reader=None, outcome=None, substitute=Substitute.CARD_FORGOTTEN)
    for language in Language:
        said = {line(replace(asked, told=one), language).substitute for one in RegisterTold}
        assert len(said) == len(RegisterTold)
        assert None not in said


def shown(**changes: Any) -> RegisterShown:
    asked = RegisterShown(reason=Substitute.CARD_FORGOTTEN, enp="0054910834000015")
    return replace(asked, **changes)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (shown(), None),
        (shown(answer=IN_FORCE), RegisterTold.IN_FORCE),
        (shown(answer=replace(IN_FORCE, in_force=False)), RegisterTold.NOT_IN_FORCE),
        (shown(refusal=(NOT_FOUND, "")), RegisterTold.NOT_FOUND),
        (shown(refusal=UNREACHABLE), RegisterTold.UNREACHABLE),
        (shown(refusal=("enp-length", "")), None),
    ],
)
def test_what_came_of_a_question(asked: RegisterShown, told: RegisterTold | None) -> None:
    assert asked.told is told
