"""What the commands say has its Russian; what verdicts say comes from the catalogs."""

import re
from pathlib import Path

import cardservice.cli
from cardservice.channel.card_management import LifeCycle
from cardservice.cli.card_page import LIFE_CYCLES
from cardservice.cli.wording import RUSSIAN, sayer
from cardservice.domain.verdict import Outcome
from cardservice.texts.catalog import translations
from cardservice.texts.languages import Language

SAID = re.compile(r'\bsay\(\s*"([^"]+)"\s*\)|sayer\(language\)\(\s*"([^"]+)"')
"""With two arguments ``say`` is the shift report's, whose words have a test of their own."""


def _said() -> set[str]:
    modules = Path(cardservice.cli.__file__).parent.glob("*.py")
    found = [SAID.findall(module.read_text(encoding="utf-8")) for module in modules]
    return {one or other for pairs in found for one, other in pairs}


def test_every_text_of_the_commands_is_translated() -> None:
    known = {text for text in _said() if translations(Language.RU).gettext(text) != text}
    assert len(_said()) > 20
    assert _said() - known <= set(RUSSIAN)


def test_every_state_of_a_card_has_its_word_in_both_languages() -> None:
    assert set(LIFE_CYCLES) == set(LifeCycle)
    assert set(LIFE_CYCLES.values()) <= set(RUSSIAN)


def test_every_outcome_has_its_word_in_both_languages() -> None:
    assert {outcome.value for outcome in Outcome} <= set(RUSSIAN)


def test_a_translation_has_the_same_blanks_to_fill() -> None:
    blanks = re.compile(r"\{\w+\}")
    for english, russian in RUSSIAN.items():
        assert sorted(blanks.findall(english)) == sorted(blanks.findall(russian))


def test_a_text_of_the_catalogs_is_said_in_the_language_chosen() -> None:
    assert sayer(Language.RU)("The policy is in force.") == "Полис действует."
    assert sayer(Language.EN)("The policy is in force.") == "The policy is in force."


def test_a_text_of_the_commands_is_said_in_the_language_chosen() -> None:
    assert sayer(Language.RU)("blank") == "пустая"
    assert sayer(Language.EN)("blank") == "blank"
