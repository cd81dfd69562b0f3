"""Texts: composed, tidied, bounded, and free of what hides or turns round."""

from unicodedata import is_normalized

import pytest

from cardservice.domain.texts import (
    NAME_LENGTH,
    is_showable,
    parse_text,
    showable,
)
from cardservice.errors import Refusal


def parse(raw: str) -> str:
    return parse_text(raw, field="surname", words="surname", limit=NAME_LENGTH, short="name")


def test_a_name_keeps_its_case_hyphens_and_apostrophes() -> None:
    assert parse("О’Коннор-Müller де ла Крус") == "О’Коннор-Müller де ла Крус"


def test_blanks_at_the_ends_go_and_letters_are_composed() -> None:
    assert parse(" \u00a0Йод\u00a0 ") == "Йод"
    assert parse("Ми\u0306р") == "Мйр"
    assert is_normalized("NFC", parse("Е\u0308лка"))


@pytest.mark.parametrize(
    "hidden",
    [
        "\x00",
        "\x07",
        "\t",
        "\n",
        "\x7f",
        "\x85",
        "\u00ad",
        "\u061c",
        "\u200b",
        "\u200d",
        "\u200f",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\ue000",
        "\ud800",
        "\ufdd0",
        "\U000e0041",
    ],
    ids=lambda one: f"{ord(one):04X}",
)
def test_a_hidden_character_is_refused_wherever_it_stands(hidden: str) -> None:
    for raw in (hidden + "Иванов", "Ива" + hidden + "нов", "Иванов" + hidden):
        with pytest.raises(Refusal) as refused:
            parse(raw)
        assert refused.value.code == "control-character"
        assert not is_showable(raw)
        assert is_showable(showable(raw))


def test_the_longest_name_is_taken_and_one_more_character_is_not() -> None:
    assert len(parse("Я" * NAME_LENGTH)) == NAME_LENGTH
    with pytest.raises(Refusal) as refused:
        parse("Я" * (NAME_LENGTH + 1))
    assert (refused.value.code, refused.value.field) == ("name-too-long", "surname")


def test_length_counts_composed_characters() -> None:
    assert parse("И\u0306" * NAME_LENGTH) == "Й" * NAME_LENGTH


def test_an_endless_text_is_refused_before_it_is_normalized() -> None:
    with pytest.raises(Refusal, match="longer than"):
        parse("е\u0308" * 1_000_000)


def test_a_field_without_a_short_name_gives_its_code_its_own() -> None:
    with pytest.raises(Refusal) as refused:
        parse_text("слишком", field="birth_place", words="birth place", limit=3)
    assert refused.value.code == "birth-place-too-long"
