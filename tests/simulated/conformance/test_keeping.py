"""Without leave to write, the pack leaves a card as it was."""

from collections.abc import Callable

import pytest

from cardservice.channel.scp03 import diversify
from cardservice.conformance.known import Known, another
from cardservice.conformance.presenting import Presentation
from cardservice.conformance.results import Result, summary
from cardservice.conformance.run import Plan
from cardservice.conformance.terms import Effect, Interface, Need, Outcome
from cardservice.errors import Refusal
from cardservice.transport.link import CardLink
from simulators.card import CountedClock, NonVolatileMemory, SoftwareCard, blank_card
from simulators.card import Interface as Side
from tests.chain import issued_card, issuer, link_to
from tests.simulated.conformance.bench import run_on

COUNTER_ONLY = 1  # the SCP03 counter, which every session counts up


def known() -> Known:
    secrets, master = issued_card().made.secrets, issuer().keys.issuer_master
    return Known(
        can=secrets.can,
        pin=secrets.pin,
        puk=secrets.puk,
        issuer=lambda diversification: diversify(master.cmac, diversification),
    )


def presented(memory: NonVolatileMemory) -> Presentation:
    def opening(side: Side) -> Callable[[], CardLink]:
        return lambda: link_to(SoftwareCard(memory, interface=side, clock=CountedClock()))

    return Presentation(
        {
            Interface.CONTACT: opening(Side.CONTACT),
            Interface.CONTACTLESS: opening(Side.CONTACTLESS),
        }
    )


def changed(memory: NonVolatileMemory, what: Known) -> tuple[int, list[Result]]:
    """Return how many cells of the card's memory a run changed; it removes none."""
    before = dict(memory.cells())
    results = run_on(presented(memory), Plan(), what)
    after = dict(memory.cells())
    assert before.keys() <= after.keys()
    # A count that was never written is a count of zero.
    return sum(before.get(name, bytes(len(after[name]))) != after[name] for name in after), results


@pytest.mark.parametrize("told", ["everything", "nothing"])
def test_a_card_in_use_is_as_before(told: str) -> None:
    memory = NonVolatileMemory(dict(issued_card().card.memory.cells()))
    cells, results = changed(memory, known() if told == "everything" else Known())
    assert [one.name for one in results if one.outcome is Outcome.FAILED] == []
    assert summary(results).held > 200
    assert cells <= COUNTER_ONLY


def test_a_blank_card_is_as_before() -> None:
    cells, results = changed(blank_card().memory, Known())
    assert summary(results).held > 100
    assert summary(results).failed == 0
    assert cells <= COUNTER_ONLY


@pytest.mark.parametrize("only", [(), ("CM-062",), ("CM-063",), ("CM-076",)])
def test_a_wrong_pin_in_the_secrets_costs_one_try_and_no_more(only: tuple[str, ...]) -> None:
    memory = NonVolatileMemory(dict(issued_card().card.memory.cells()))
    told = known()
    told.pin = another(told.pin or "")
    results = run_on(presented(memory), Plan(only=only), told)
    failed = [one for one in results if one.outcome is Outcome.FAILED]
    assert [one.case.needs & {Need.PIN} for one in failed] == [{Need.PIN}]
    link = link_to(SoftwareCard(memory))
    assert link.exchange(bytes.fromhex("00200001")) == bytes.fromhex("63C2")


def test_a_card_in_use_is_never_made_anew() -> None:
    memory = NonVolatileMemory(dict(issued_card().card.memory.cells()))
    with pytest.raises(Refusal) as refused:
        run_on(presented(memory), Plan(allowed=Effect.WRITES))
    assert refused.value.code == "card-not-blank"


def test_a_case_without_its_secret_says_what_is_missing() -> None:
    memory = NonVolatileMemory(dict(issued_card().card.memory.cells()))
    results = run_on(presented(memory), Plan(only=("PA-001",)))
    assert {one.why for one in results} == {"not known: the CAN"}
