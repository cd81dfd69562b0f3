"""What values are called."""

import ast
from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from cardservice.accounts.masking import Place
from cardservice.accounts.session import Stage
from cardservice.desk.presentations import Substitute
from cardservice.domain.lives import (
    LIVES,
    ApplicationEvent,
    CardEvent,
    CardState,
    ComplaintEvent,
    OrderEvent,
    PolicyEvent,
    PolicyState,
)
from cardservice.domain.order_columns import Column
from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.register import AnswerSource
from cardservice.domain.roles import Role
from cardservice.domain.rules import Basis
from cardservice.domain.stock import Movement
from cardservice.domain.transitions import TransitionTable
from cardservice.domain.verdict import CheckName, Outcome, ProtocolName, Reason
from cardservice.texts.languages import Language
from cardservice.texts.office.labels import KINDS, NAMES, choices, event_label, label, label_of
from cardservice.uploads.apart import Task
from cardservice.uploads.tables.encodings import Encoding
from tests.shared import ROOT

RU, EN = Language.RU, Language.EN
PACKAGES = ("domain", "registry", "accounts", "uploads", "notifying")
NOT_NAMED_HERE = frozenset(
    {
        *(CheckName, Outcome, ProtocolName, Reason),  # the desk's tables name them
        *(Substitute, TimeGrade),  # and these
        Column,  # a field of a form; its name is with those
        *(AnswerSource, Basis, Encoding, Place, Stage, Task),  # no page shows them
    }
)
RECORDING = frozenset({"record", "keep", "_move", "change_person"})
RECORDED_BY_EVENT: Mapping[str, type[StrEnum]] = {
    "card": CardEvent,
    "order": OrderEvent,
    "policy": PolicyEvent,
    "complaint": ComplaintEvent,
    "stock": Movement,
}
CYRILLIC = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")


def _enumerations() -> Iterator[type[StrEnum]]:
    for package in PACKAGES:
        root = import_module(f"cardservice.{package}")
        names = (one.name for one in walk_packages(root.__path__, f"{root.__name__}."))
        for name in names:
            if name.endswith("apart_process"):  # it limits its own process when it is imported
                continue
            for one in vars(import_module(name)).values():
                if isinstance(one, type) and issubclass(one, StrEnum) and one is not StrEnum:
                    yield one


ENUMERATIONS = frozenset(_enumerations())
NAMED = sorted(ENUMERATIONS - NOT_NAMED_HERE, key=lambda one: (one.__module__, one.__name__))


def test_the_walk_finds_the_enumerations() -> None:
    assert {Role, CardState, Column} <= ENUMERATIONS
    assert NOT_NAMED_HERE <= ENUMERATIONS


@pytest.mark.parametrize("enumeration", NAMED, ids=lambda one: one.__qualname__)
def test_every_value_has_a_name_in_both_languages(enumeration: type[StrEnum]) -> None:
    names = NAMES[KINDS[enumeration]]
    unnamed = [one for one in enumeration if one not in names.texts]
    untranslated = [one for one in enumeration if not CYRILLIC & set(label(one, RU).lower())]
    assert (unnamed, untranslated) == ([], [])


@pytest.mark.parametrize("kind", sorted(NAMES))
def test_every_name_is_translated(kind: str) -> None:
    values = NAMES[kind].texts
    assert [one for one in values if not CYRILLIC & set(label_of(kind, one, RU).lower())] == []


def test_every_translation_of_a_value_is_of_a_name_that_there_is() -> None:
    with (ROOT / "cardservice/texts/office/locale/ru/values.po").open("rb") as source:
        translated = {(one.context, one.id) for one in read_po(source, locale="ru") if one.id}
    named = {(one.kind, text) for one in NAMES.values() for text in one.texts.values()}
    assert translated == named


def _actions() -> Iterator[str]:
    """Yield every action that the use cases record, those made from an event's name too."""
    for file in (ROOT / "cardservice/registry").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in RECORDING:
                texts = [getattr(one, "value", None) for one in node.args]
                yield from (one for one in texts if isinstance(one, str) and "." in one)
    for thing, events in RECORDED_BY_EVENT.items():
        yield from (f"{thing}.{one.value}" for one in events)


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", "") or getattr(call.func, "id", "")


def test_every_action_of_the_audit_log_has_a_name() -> None:
    actions = set(_actions())
    assert {"application.submit", "person.correct", "certificate.expire"} <= actions
    assert sorted(actions - set(NAMES["audit-action"].texts)) == []


def test_one_word_is_translated_as_its_thing_needs() -> None:
    said = [label(one, RU) for one in (CardState.BLOCKED, PolicyState.SUSPENDED)]
    assert said == ["Заблокирована", "Приостановлен"]
    assert (label(Role.COURIER, RU), label(Role.EMPLOYER, RU)) == ("Курьер", "Работодатель")


@pytest.mark.parametrize("language", Language)
def test_what_a_state_is_called_does_not_depend_on_how_it_is_kept(language: Language) -> None:
    for life in LIVES:
        kept = [label_of(KINDS[life.states], one.value, language) for one in life.states]
        assert kept == [label(one, language) for one in life.states]


@pytest.mark.parametrize("life", LIVES, ids=lambda one: one.life)
def test_states_of_a_life_are_told_apart_by_their_names(
    life: TransitionTable[Any, Any],
) -> None:
    names = [label(one, RU) for one in life.states]
    assert len(set(names)) == len(names)


def test_an_event_is_called_as_its_button_says() -> None:
    said = [event_label(ApplicationEvent.APPROVE, one) for one in (EN, RU)]
    assert said == ["Approve", "Одобрить"]


def test_a_reason_is_known_whatever_stands_after_it() -> None:
    assert label_of("policy-change-reason", "death/2026-05-01", EN) == "Death"
    assert label_of("look-reason", "application/7", RU) == "Работа с заявлением"


@given(kind=st.text() | st.sampled_from(sorted(NAMES)), raw=st.text())
def test_a_value_that_is_not_known_comes_back_as_it_is(kind: str, raw: str) -> None:
    known = kind in NAMES and raw.partition("/")[0] in NAMES[kind].texts
    assert known or label_of(kind, raw, RU) == raw


def test_an_enumeration_without_names_gives_its_values() -> None:
    assert label(Task.PDF, RU) == "pdf"


def test_a_form_offers_every_value_with_its_name() -> None:
    assert choices(CardState, EN)[0] == ("blank", "Blank")
    assert [value for value, _ in choices(CardState, RU)] == [one.value for one in CardState]
