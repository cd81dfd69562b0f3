"""What a central service may ask of a station's journal."""

from typing import Any

import pytest

from cardservice.errors import SourceUnavailableError
from cardservice.personalization.central_share import MakingShare
from cardservice.personalization.journal import CardEnded, Intent
from cardservice.personalization.journal_calls import BRIEF_CALLS
from tests.unit.personalization.test_central_book import a_station

CHIP = bytes(8)
INTENT = Intent(order="order-a", lane=1, number=1)
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "begin": (INTENT,),
    "meet": (CHIP,),
    "keep": (CardEnded(chip=CHIP),),
}


@pytest.mark.parametrize("name", sorted(BRIEF_CALLS))
def test_the_brief_calls_of_a_lane_are_not_a_centrals(name: str) -> None:
    journal = a_station()
    share = MakingShare(journal, INTENT)
    with pytest.raises(SourceUnavailableError) as refused:
        share.answer(name, ARGUMENTS[name])
    assert refused.value.code == "central-wrong"
    assert journal.life_of(CHIP) is None


def test_what_only_reads_is_answered() -> None:
    share = MakingShare(a_station(), INTENT)
    assert share.answer("holder_of", ("order-a",)) is None
