"""What a station says: every state, step and code, in both languages."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from cardservice.keystores.pkcs11_errors import ModuleFault
from cardservice.personalization.jobs import Work
from cardservice.personalization.lane_faults import REACTIONS
from cardservice.personalization.lanes import LaneState, Step
from cardservice.texts.languages import Language
from cardservice.texts.office.sentences import knows
from cardservice.texts.station import (
    FAULTS,
    GROUPS,
    every_text,
    fault_phrase,
    next_step,
    station_translations,
)
from cardservice.texts.station.states import (
    HOLDERS_CARD,
    NEXT,
    STATES,
    STEPS,
    UNKNOWN_REMEDY,
    UNKNOWN_SENTENCE,
    WORKS,
)
from scripts.errors_page import raised_codes
from scripts.problems_page import GAP
from tests.shared import ROOT

RU, EN = Language.RU, Language.EN
PACKAGE = ROOT / "cardservice"
TEMPLATES = PACKAGE / "web/templates/station"
CATALOGS = PACKAGE / "texts/station/locale/ru"
CYRILLIC = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
CODE = re.compile(r"[a-z]+(-[a-z0-9]+)+")

# Whose refusals and faults an operator meets.
SOURCES = (
    *("personalization/", "printing/", "officelink/", "home/station", "home/central"),
    *("transport/feeders", "storage/journal_file", "cli/station", "serving/station"),
)
NAMED = re.compile(r'^_?[A-Z_]+: Final = "([a-z]+(?:-[a-z0-9]+)+)"', re.MULTILINE)
# The registry's own answers, read and acted on; and names that are no codes.
NOT_SHOWN = frozenset({"not-found", "job-completed-successfully", "table-salt"})
PLACEHOLDER = re.compile(r"\{[a-z]*\}")


def _raised_codes() -> Iterator[str]:
    """Yield the codes of calls and tables, and those that have a name."""
    for code, places in raised_codes().items():
        if GAP not in code and any(place.startswith(SOURCES) for place in places):
            yield code
    for module in PACKAGE.rglob("*.py"):
        if module.relative_to(PACKAGE).as_posix().startswith(SOURCES):
            yield from NAMED.findall(module.read_text(encoding="utf-8"))


def _messages() -> Iterator[Message]:
    for file in sorted(CATALOGS.glob("*.po")):
        with file.open("rb") as source:
            yield from (one for one in read_po(source, locale="ru", abort_invalid=True) if one.id)


def _template_texts() -> set[str]:
    found: set[str] = set()
    for template in TEMPLATES.glob("*.html"):
        with template.open("rb") as source:
            extracted = extract("jinja2.ext:babel_extract", source, keywords={"_": None})
            found.update(str(one[1]) for one in extracted)
    return found


def test_every_code_that_a_lane_reacts_to_has_its_words() -> None:
    assert sorted(set(REACTIONS) - set(FAULTS)) == []


def test_every_fault_of_a_security_module_has_its_words() -> None:
    assert sorted(set(ModuleFault) - set(FAULTS)) == []


def test_every_refusal_that_an_operator_meets_has_its_words() -> None:
    codes = set(_raised_codes()) - NOT_SHOWN
    assert len(codes) > 60
    assert sorted(code for code in codes if code not in FAULTS and not knows(code, RU)) == []


def test_every_state_step_and_work_has_its_word() -> None:
    assert set(STATES) == set(NEXT) == set(LaneState)
    assert set(STEPS) == set(Step)
    assert set(WORKS) == set(Work)


def test_no_two_states_are_called_the_same() -> None:
    for language in Language:
        say = station_translations(language).gettext
        assert len({say(word) for word in STATES.values()}) == len(LaneState)


def test_no_code_stands_in_two_groups() -> None:
    assert sum(len(group) for group in GROUPS.values()) == len(FAULTS)


@pytest.mark.parametrize("code", FAULTS)
def test_a_code_has_a_sentence_and_one_sentence_of_what_to_do(code: str) -> None:
    assert CODE.fullmatch(code) or code == "internal"
    for language in Language:
        said = fault_phrase(code, language)
        for text in (said.sentence, said.remedy or ""):
            assert text.endswith(".")
            assert ". " not in text
            assert PLACEHOLDER.search(text) is None


def test_every_text_of_station_and_page_is_translated() -> None:
    say = station_translations(RU).gettext
    wanted = {*every_text(), *_template_texts()}
    assert len(wanted) > 200
    assert sorted(text for text in wanted if say(text) == text) == []


def test_the_catalogs_hold_nothing_else_and_nothing_doubtful() -> None:
    wanted = {*every_text(), *_template_texts()}
    messages = list(_messages())
    assert sorted(str(one.id) for one in messages if one.id not in wanted) == []
    assert len({one.id for one in messages}) == len(messages)
    assert [one.id for one in messages if one.fuzzy] == []


def test_every_translation_is_written_in_cyrillic_and_keeps_its_commands() -> None:
    for one in _messages():
        english, russian = str(one.id), str(one.string)
        assert CYRILLIC & set(russian.lower()) or russian in {"PIN", "CAN"}
        commands = re.findall(r"cardservice [a-z -]*[a-z]|[a-z]+_[a-z_]+|docs/\S+\.md", english)
        assert [command for command in commands if command not in russian] == []


@pytest.mark.parametrize("state", LaneState)
@pytest.mark.parametrize("language", Language)
def test_every_state_says_what_to_do_next_in_one_sentence(
    state: LaneState, language: Language
) -> None:
    for code in ("", "card-removed", "print-failed", "no-such-code"):
        said = next_step(state, code, Work.NEW_CARD, language)
        assert said.endswith(".")
        assert ". " not in said


def test_a_stopped_lane_says_the_remedy_of_its_code() -> None:
    said = next_step(LaneState.STOPPED, "printer-not-ready", Work.NEW_CARD, EN)
    assert said == FAULTS["printer-not-ready"].remedy


def test_a_rejected_card_goes_into_the_bin_whatever_its_code() -> None:
    said = next_step(LaneState.REJECT, "card-foreign", Work.NEW_CARD, EN)
    assert said == NEXT[LaneState.REJECT]


def test_work_on_a_held_card_asks_for_that_card_and_not_for_a_blank() -> None:
    assert next_step(LaneState.NO_CARD, "", Work.NEW_CARD, EN) == NEXT[LaneState.NO_CARD]
    for work in set(Work) - {Work.NEW_CARD}:
        assert next_step(LaneState.NO_CARD, "", work, EN) == HOLDERS_CARD


def test_a_code_that_nobody_knows_has_words_all_the_same() -> None:
    said = fault_phrase("no-such-code", EN)
    assert (said.sentence, said.remedy) == (UNKNOWN_SENTENCE, UNKNOWN_REMEDY)


def test_a_code_of_the_registry_has_the_registrys_sentence() -> None:
    assert fault_phrase("lease-not-yours", RU).sentence not in {
        UNKNOWN_SENTENCE,
        station_translations(RU).gettext(UNKNOWN_SENTENCE),
    }
