"""The same cases, unchanged, on a card in a PC/SC reader."""

import pytest

from cardservice.conformance.known import Known
from cardservice.conformance.pack import CASES
from cardservice.conformance.presenting import Presentation
from cardservice.conformance.results import summary
from cardservice.conformance.run import Plan, Run
from cardservice.conformance.terms import Effect, Interface, Outcome
from cardservice.transport.registry import open_link
from simulators.card import CountedClock, blank_card
from simulators.reader.daemon import PrivatePcscd
from tests.pcsc_stack import card_in

SOME_OF_EACH = ("FL-*", "SC-01*", "PA-00*", "SM-0*", "CA-00*", "AT-00*", "LC-*", "TA-00*", "AM-12*")


@pytest.mark.pcsc
def test_some_cases_of_each_group_hold_over_pcsc(pcscd: PrivatePcscd) -> None:
    slot = pcscd.slots[0]
    plan = Plan(allowed=Effect.DESTROYS, only=SOME_OF_EACH)
    with card_in(slot, blank_card(clock=CountedClock())):
        card = Presentation({Interface.CONTACT: lambda: open_link(f"pcsc:{slot.name}")})
        results = Run(CASES, plan, card, Known()).go()
    assert [f"{one.name}: {one.why}" for one in results if one.outcome is Outcome.FAILED] == []
    assert summary(results).held > 150
