"""What refusals and findings say in the reader's language."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from cardservice.domain.application import Application
from cardservice.domain.applications import check
from cardservice.domain.lives import APPLICATION, LIVES, ApplicationEvent, ApplicationState
from cardservice.domain.numbers import parse_enp
from cardservice.domain.roles import Role
from cardservice.domain.rule_sets import RULES_2011
from cardservice.domain.texts import parse_text
from cardservice.domain.transitions import StateRefusal, TransitionTable
from cardservice.errors import Refusal
from cardservice.texts.languages import Language
from cardservice.texts.office.catalogs import OFFICE, merged
from cardservice.texts.office.filling import filled, shape_of, tokens_of
from cardservice.texts.office.sentences import sentence
from tests.shared import ROOT

RU, EN = Language.RU, Language.EN


def _sentences() -> Iterator[Message]:
    with (ROOT / "cardservice/texts/office/locale/ru/sentences.po").open("rb") as source:
        yield from (one for one in read_po(source, locale="ru") if one.id)


def _russian(refusal: Refusal) -> str:
    return sentence(refusal.code, refusal.sentence, RU)


def test_the_english_sentence_is_the_codes_own() -> None:
    assert sentence("surname-missing", "The surname is missing.", EN) == "The surname is missing."


def test_the_russian_sentence_is_found_by_the_code() -> None:
    assert sentence("surname-missing", "Whatever it says.", RU) == "Фамилия не указана."


def test_every_finding_in_an_empty_application_is_said_in_russian() -> None:
    found = check(Application(), date(2026, 5, 1), RULES_2011)
    said = [sentence(one.code, one.sentence, RU) for one in found]
    assert len(said) > len(fields(Application)) // 2
    assert [one for one in said if re.search("[A-Za-z]", one)] == []


def test_a_code_that_nobody_translated_keeps_its_sentence() -> None:
    assert sentence("brand-new", "It is new.", RU) == "It is new."


def test_a_code_made_from_a_fields_name_says_what_its_family_says() -> None:
    assert sentence("shoe-size-missing", "The shoe size is missing.", RU) == "Поле не заполнено."


def test_numbers_of_the_sentence_are_said_in_the_other_language() -> None:
    with pytest.raises(Refusal) as caught:
        parse_text("x" * 61, field="surname", words="surname", limit=60, short="name")
    assert _russian(caught.value) == "Слишком длинный текст: можно не больше 60 знаков."
    with pytest.raises(Refusal) as caught:
        parse_enp("123")
    assert _russian(caught.value) == "В номере полиса должно быть 16 цифр, а указано: 3."


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("1 month", "1 месяца"),
        ("6 months", "6 месяцев"),
        ("21 days", "21 дня"),
        ("30 working days", "30 рабочих дней"),
    ],
)
def test_a_term_is_said_in_its_case(term: str, said: str) -> None:
    english = f"The photo is older than {term}."
    assert sentence("photo-old", english, RU) == f"Фотография старше {said}. Лучше сделать новую."


def test_one_code_with_two_sentences_has_two_translations() -> None:
    of_a_person = "Why the person is looked at is missing."
    said = {sentence("reason-missing", one, RU) for one in (of_a_person, "The reason is missing.")}
    assert said == {"Укажите, зачем вы смотрите эти сведения.", "Причина не указана."}


def test_a_state_and_an_event_are_called_as_pages_call_them() -> None:
    with pytest.raises(StateRefusal) as caught:
        APPLICATION.after(ApplicationState.APPROVED, ApplicationEvent.APPROVE, role=Role.APPROVER)
    said = "Заявление в состоянии «Одобрено»: действие «Одобрить» невозможно."
    assert _russian(caught.value) == said


@pytest.mark.parametrize("life", LIVES, ids=lambda one: one.life)
def test_every_state_that_refuses_is_said_without_an_english_word(
    life: TransitionTable[Any, Any],
) -> None:
    said = [
        _russian(StateRefusal(life.life, state, event))
        for state in life.states
        for event in life.events
    ]
    assert said
    assert [one for one in said if re.search("[A-Za-z]", one)] == []


def test_a_code_kept_without_its_sentence_is_said_in_both_languages() -> None:
    kept = [sentence("snils-check-digit", "", one) for one in (EN, RU)]
    assert kept[0] == "The SNILS's check digits are wrong."
    assert kept[1] == "Контрольное число СНИЛС не сходится. Проверьте номер."
    assert sentence("formula-cell", "", RU).startswith("В ячейке формула")
    assert sentence("shoe-size-too-long", "", EN) == "The text is too long."
    assert sentence("brand-new", "", EN) == "Brand new."
    assert sentence("state-order-queued", "", RU) == "Заказ в состоянии «В очереди»."


def test_every_russian_sentence_is_one_that_a_clerk_would_say() -> None:
    said = [str(one.string) for one in _sentences() if one.context != "term"]
    assert [one for one in said if not one.endswith(".") or one.endswith("..")] == []
    assert [one for one in said if not re.match("[А-ЯЁ]|CAN|PDF|QR", one)] == []


def test_every_russian_sentence_can_be_said_without_numbers_or_has_its_own_english() -> None:
    by_code = [one for one in _sentences() if one.context == "sentence"]
    states = {f"state-{one.life}" for one in LIVES}
    unsaid = [
        one.id for one in by_code if one.id not in states and filled(str(one.string), {}) is None
    ]
    assert unsaid == []


def test_a_sentence_translated_by_its_english_has_the_numbers_it_wants() -> None:
    said = merged(RU, OFFICE)
    for one in _sentences():
        if one.context not in {"sentence", "term"}:
            english = str(one.id).replace("#", "7")
            assert filled(str(one.string), tokens_of(english, said)) is not None, one.id


def test_a_place_for_what_is_missing_leaves_its_brackets_out() -> None:
    assert filled("Длинно[: не больше {0}].", {}) == "Длинно."
    assert filled("Длинно[: не больше {0}].", {"0": "60"}) == "Длинно: не больше 60."
    assert filled("Не больше {0}.", {}) is None


def test_what_is_put_in_is_never_read_as_a_pattern() -> None:
    assert filled("Столбцы: {rest}.", {"rest": "{0}[{1}]"}) == "Столбцы: {0}[{1}]."


def test_numbers_inside_words_are_no_numbers_of_a_sentence() -> None:
    assert shape_of("Save it in UTF-8 with 2 columns.") == "Save it in UTF-8 with # columns."
    assert shape_of("Cell AB12 holds U+202E RIGHT-TO-LEFT OVERRIDE.") == "Cell # holds #."


@given(code=st.text(), english=st.text())
def test_any_code_and_sentence_are_said(code: str, english: str) -> None:
    assert isinstance(sentence(code, english, RU), str)


@given(english=st.from_regex(r"[A-Z0-9 U+.:a-z-]{0,40}[0-9]{0,30} ?(days|month)?", fullmatch=True))
def test_any_numbers_are_said(english: str) -> None:
    assert sentence("retention", english, RU).endswith(".")
