"""The words of notifications."""

from typing import get_args

import pytest

from cardservice.errors import Refusal
from cardservice.notifying.templates import PARAMETERS, SHORT_LENGTH, render
from cardservice.registry.outbox_values import NoticeLanguage, Template

GOOD = {
    "application": "A-1",
    "complaint": "000001",
    "place": "ул. Учебная, 1",
    "until": "2026-12-01",
    "code": "123456",
    "minutes": "10",
    "sign": "01900000-0000-7000-8000-000000000001",
    "kind": "chip-copied",
}


def fitting(template: Template) -> dict[str, str]:
    return {name: GOOD[name] for name in PARAMETERS[template]}


@pytest.mark.parametrize("language", get_args(NoticeLanguage))
@pytest.mark.parametrize("template", Template)
def test_every_notification_has_words_that_use_all_its_parameters(
    template: Template, language: NoticeLanguage
) -> None:
    text = render(template, language, fitting(template))
    assert text.subject
    assert len(text.short) <= SHORT_LENGTH
    for value in fitting(template).values():
        assert value in text.body
        assert value in text.short
        assert value not in text.subject
    assert "$" not in text.body + text.short + text.subject


def test_no_notification_takes_a_name_a_number_of_a_person_or_a_reason() -> None:
    assert set().union(*PARAMETERS.values()) == set(GOOD)


@pytest.mark.parametrize(
    "change",
    [
        {"application": ""},
        {"application": "x" * 201},
        {"application": "a\r\nBcc: b"},
        {"application": "\u202e"},
        {"name": "x"},
    ],
)
def test_parameters_that_do_not_fit_are_refused(change: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refusal:
        render(Template.REFUSED, "ru", {**fitting(Template.REFUSED), **change})
    assert refusal.value.code == "parameters-wrong"


def test_a_missing_parameter_is_refused() -> None:
    with pytest.raises(Refusal):
        render(Template.ONE_TIME_CODE, "en", {"code": "123456"})


def test_a_value_is_never_read_as_a_pattern() -> None:
    assert "$application" in render(Template.REFUSED, "en", {"application": "$application"}).body
