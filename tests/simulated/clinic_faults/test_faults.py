"""Every fault of the issue, over real servers: named, nobody is let in, and nothing of it stays."""

import re
from typing import Final

import pytest

from cardservice.texts.catalog import translations
from cardservice.texts.desk_agent import DESK_TROUBLES, trouble_phrase
from cardservice.texts.languages import Language
from cardservice.texts.office.sentences import sentence
from tests.shared import ROOT
from tests.simulated.clinic_faults.faults import BETWEEN, FAULTS, ISSUE, Fault
from tests.simulated.clinic_faults.stage import Stage

ERRORS: Final = (ROOT / "docs" / "errors.md").read_text()
NEEDS_NOBODY: Final = {"twice"}
"""What passes without a word: the same answer, sent once more."""

UNREAD: Final = {"too-large"}
"""What is answered before a request is read, its language too."""

CODES: Final = sorted({code for fault in FAULTS for code in fault.codes})


@pytest.mark.parametrize("fault", [pytest.param(one, id=one.name) for one in FAULTS])
def test_a_fault_is_named_lets_nobody_in_and_passes(fault: Fault, stage: Stage) -> None:
    fault.story(stage)
    assert stage.codes == fault.codes
    stage.expect_all_well()


def test_the_table_tells_every_fault_of_the_issue() -> None:
    parts = re.split("|".join(BETWEEN), ISSUE)
    assert {one for one in parts if one} == {fault.words for fault in FAULTS}


def test_only_what_needs_nobody_is_not_spoken_of() -> None:
    assert {fault.words for fault in FAULTS if not fault.codes} == NEEDS_NOBODY


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_on_the_page_of_all_errors_with_what_to_do(code: str) -> None:
    rows = [one for one in ERRORS.splitlines() if re.match(rf"\| `(/problems/)?{code}` \|", one)]
    assert rows
    for row in rows:
        said, remedy = row.split("|")[2:4]
        assert said.strip().rstrip(".")
        assert remedy.strip().endswith(".")


@pytest.mark.parametrize("code", [one for one in CODES if one in DESK_TROUBLES])
def test_what_a_desk_shows_has_a_sentence_and_a_remedy_in_both_languages(code: str) -> None:
    phrase = trouble_phrase(code)
    for text in (phrase.sentence, phrase.remedy or ""):
        assert text.endswith(".")
        assert re.search("[а-я]{3}", translations(Language.RU).gettext(text))


@pytest.mark.parametrize("code", sorted(set(CODES) - DESK_TROUBLES.keys() - UNREAD))
def test_what_the_service_answers_is_said_in_russian_too(code: str) -> None:
    assert re.search("[а-я]{3}", sentence(code, "", Language.RU))
