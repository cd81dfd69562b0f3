"""Two ways to a software card: a call in this process, and PC/SC with its virtual reader."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from cardservice.transport.link import CardLink
from cardservice.transport.pcsc.link import PcscLink
from cardservice.transport.pcsc.scard import load
from simulators.reader import Card
from simulators.reader.daemon import PrivatePcscd
from tests.chain import link_to
from tests.pcsc_stack import card_in, pcsc_namespace, pcscd, wait_until_present

__all__ = ["Lend", "lend", "pcsc_namespace", "pcscd"]

Lend = Callable[[Card], AbstractContextManager[CardLink]]
"""Puts a card into a reader and lends a link to it; both are gone afterwards."""


@contextmanager
def _lend_here(card: Card) -> Iterator[CardLink]:
    link = link_to(card)
    try:
        yield link
    finally:
        link.close()


def _lend_over(daemon: PrivatePcscd) -> Lend:
    slot = daemon.slots[0]

    @contextmanager
    def lend_over_pcsc(card: Card) -> Iterator[CardLink]:
        with card_in(slot, card):
            link = PcscLink(load(), slot.name)
            try:
                yield link
            finally:
                link.close()
        wait_until_present(slot.name, present=False)

    return lend_over_pcsc


@pytest.fixture(params=["in process", pytest.param("PC/SC", marks=pytest.mark.pcsc)])
def lend(request: pytest.FixtureRequest) -> Lend:
    """Return how this run gets at cards: the tests that ask for it run once each way."""
    if request.param == "in process":
        return _lend_here
    return _lend_over(request.getfixturevalue("pcscd"))
