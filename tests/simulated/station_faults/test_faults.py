"""Every fault of the issue, over a whole station: named, mended, and nothing is lost."""

import re
from typing import Any, Final

import pytest

from cardservice.personalization.lane_faults import REACTIONS
from cardservice.texts.languages import Language
from cardservice.texts.station import FAULTS as WORDS
from cardservice.texts.station import fault_phrase
from tests.shared import ROOT
from tests.simulated.station_faults.faults import FAULTS, ISSUE, Fault
from tests.simulated.station_faults.stage import Stage

ERRORS: Final = ROOT / "docs" / "errors.md"
NEEDS_NOBODY: Final = {"twice", "damaged journal tail"}
"""What may also pass without a word: an answer that comes twice, an entry that was cut short."""

CODES: Final = sorted({code for fault in FAULTS for code in fault.codes})


def _story(fault: Fault) -> Any:
    marks = [pytest.mark.pcsc] if fault.needs in {"hands", "disks"} else []
    return pytest.param(fault, id=fault.name, marks=marks)


@pytest.mark.parametrize("fault", [_story(one) for one in FAULTS])
def test_a_fault_is_named_and_after_its_remedy_the_batch_is_whole(
    fault: Fault, request: pytest.FixtureRequest
) -> None:
    stage: Stage = request.getfixturevalue(fault.needs)
    stage.rows = fault.rows
    fault.story(stage)
    assert stage.codes == fault.codes
    stage.expect_nothing_lost()


def test_the_table_tells_every_fault_of_the_issue() -> None:
    faults = [one for part in ISSUE.split(", ") for one in part.split(" or wrongly")]
    named = [one for one in faults if one] + ["wrongly"]
    assert {fault.words for fault in FAULTS} == set(named)


def test_only_what_needs_nobody_is_not_spoken_of() -> None:
    assert {fault.words for fault in FAULTS if not fault.codes} == NEEDS_NOBODY


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("code", CODES)
def test_a_code_has_a_sentence_and_a_remedy_in_both_languages(
    code: str, language: Language
) -> None:
    assert code in WORDS
    phrase = fault_phrase(code, language)
    for text in (phrase.sentence, phrase.remedy or ""):
        assert text.endswith(".")
        assert bool(re.search("[а-я]{3}", text)) is (language is Language.RU)


@pytest.mark.parametrize("code", CODES)
def test_the_page_of_all_errors_lists_a_code_with_what_the_station_says(code: str) -> None:
    said = WORDS[code]
    assert f"| `{code}` | {said.sentence} | {said.remedy} |" in ERRORS.read_text()


@pytest.mark.parametrize("code", [one for one in CODES if not one.startswith(("hsm-", "registry"))])
def test_a_code_of_a_lane_has_a_reaction_that_somebody_thought_of(code: str) -> None:
    assert code in REACTIONS
