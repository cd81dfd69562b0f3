"""A software card on the bench of the conformance pack: contact and contactless, one memory."""

from collections.abc import Callable

from cardservice.conformance.known import Known
from cardservice.conformance.pack import CASES
from cardservice.conformance.presenting import Presentation
from cardservice.conformance.results import Result
from cardservice.conformance.run import Plan, Run
from cardservice.conformance.terms import Effect, Interface
from cardservice.transport.link import CardLink
from simulators.card import CountedClock, SoftwareCard, blank_card
from simulators.card import Interface as CardInterface
from simulators.reader import Card
from tests.chain import link_to

Wrapping = Callable[[Card], Card]

_SIDES = {
    Interface.CONTACT: CardInterface.CONTACT,
    Interface.CONTACTLESS: CardInterface.CONTACTLESS,
}


def unchanged(card: Card) -> Card:
    return card


def presentation(*interfaces: Interface, wrapping: Wrapping = unchanged) -> Presentation:
    """Return a new blank card as readers of those kinds meet it."""
    memory = blank_card().memory

    def opening(interface: Interface) -> Callable[[], CardLink]:
        def opened() -> CardLink:
            side = SoftwareCard(memory, interface=_SIDES[interface], clock=CountedClock())
            return link_to(wrapping(side))

        return opened

    return Presentation({one: opening(one) for one in interfaces})


def run_on(card: Presentation, plan: Plan, known: Known | None = None) -> list[Result]:
    """Return the results of the pack."""
    return Run(CASES, plan, card, known or Known()).go()


def run_case(number: str, wrapping: Wrapping, *interfaces: Interface) -> Result:
    """Run one case, and what leads to it, on a wrapped card; return its last result."""
    card = presentation(*(interfaces or (Interface.CONTACT,)), wrapping=wrapping)
    plan = Plan(allowed=Effect.DESTROYS, only=(number,), stop_at_first=True)
    results = [one for one in run_on(card, plan) if one.case.number == number]
    ran = [one for one in results if one.exchanges]
    return (ran or results)[-1]
