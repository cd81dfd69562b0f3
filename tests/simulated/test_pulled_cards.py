"""A card is pulled out at any moment: a clear error or a problem, never a traceback or a hang."""

from collections.abc import Callable

import pytest

from cardservice.domain.verdict import Outcome
from cardservice.errors import CardRemovedError, LinkError
from cardservice.personalization.station import Station
from cardservice.transport.inprocess import SeamLink, open_seam
from cardservice.transport.pcsc.link import PcscLink
from cardservice.transport.pcsc.scard import load
from cardservice.verify.examination import Problem
from simulators.card import blank_card
from simulators.card.tampering import clone_without_chip_key, copy_of
from simulators.reader import Card, InProcessReader
from simulators.reader.daemon import PrivatePcscd
from tests.chain import TrustingRegister, an_order, desk, issued_card, link_to, station
from tests.pcsc_stack import card_in
from tests.simulated.pulling import PulledOut
from tests.unit.personalization.stations import Told

ORDER = an_order()


def in_a_reader(card: Card) -> tuple[SeamLink, Callable[[], None]]:
    """Return a link to the card and what pulls it out."""
    reader = InProcessReader("reader of a test")
    reader.insert(card)
    return open_seam(reader.connect), reader.remove


def calls_of_a_personalization() -> int:
    link = PulledOut(link_to(blank_card()), lambda: None, at=0)
    station(Told()).make(link, ORDER)
    return link.calls


def calls_of_an_examination(card: Card) -> int:
    link = PulledOut(link_to(card), lambda: None, at=0)
    desk(None).examine(link)
    return link.calls


@pytest.mark.parametrize("late", [False, True], ids=["before it acts", "before it answers"])
def test_a_card_pulled_at_any_moment_of_its_making_is_made_when_it_is_put_back(
    late: bool,
) -> None:
    for at in range(1, calls_of_a_personalization() + 1):
        told, card = Told(), blank_card()
        ours = station(told)
        link, pull = in_a_reader(card)
        with pytest.raises(CardRemovedError) as gone:
            ours.make(PulledOut(link, pull, at=at, late=late), ORDER)
        assert str(gone.value), at
        assert told.cards == [], at
        made = ours.make(link_to(card), ORDER)
        assert told.cards == [made], at
        verdict = desk(TrustingRegister()).examine(link_to(card)).verdict
        assert verdict is not None
        assert verdict.outcome is Outcome.VALID, at


@pytest.mark.parametrize("late", [False, True], ids=["before it acts", "before it answers"])
@pytest.mark.parametrize("kind", ["genuine", "copy"])
def test_a_card_pulled_at_any_moment_of_its_reading_is_a_removed_card(
    kind: str, *, late: bool
) -> None:
    genuine = issued_card().card
    card = copy_of(genuine) if kind == "genuine" else clone_without_chip_key(genuine)
    for at in range(1, calls_of_an_examination(card) + 1):
        link, pull = in_a_reader(card)
        examination = desk(None).examine(PulledOut(link, pull, at=at, late=late))
        assert (examination.problem, examination.verdict) == (Problem.CARD_REMOVED, None), at


def made_in_pieces(ours: Station, daemon: PrivatePcscd, card: Card, *, at: int) -> None:
    """Pull the card out of a PC/SC reader at that call of its making."""
    slot = daemon.slots[0]
    with card_in(slot, card) as reader:
        link = PcscLink(load(), slot.name)
        with pytest.raises(LinkError):
            ours.make(PulledOut(link, reader.remove, at=at), ORDER)
        link.close()


@pytest.mark.pcsc
@pytest.mark.parametrize("at", [9, 24])
def test_a_card_pulled_out_of_a_pcsc_reader_is_made_when_it_is_put_back(
    pcscd: PrivatePcscd, at: int
) -> None:
    told, card = Told(), blank_card()
    ours = station(told)
    made_in_pieces(ours, pcscd, card, at=at)
    assert told.cards == []
    with card_in(pcscd.slots[1], card):
        link = PcscLink(load(), pcscd.slots[1].name)
        ours.make(link, ORDER)
        link.close()
    assert len(told.cards) == 1


@pytest.mark.pcsc
def test_a_card_pulled_out_of_a_pcsc_reader_while_it_is_read_is_a_problem(
    pcscd: PrivatePcscd,
) -> None:
    slot = pcscd.slots[0]
    with card_in(slot, copy_of(issued_card().card)) as reader:
        link = PcscLink(load(), slot.name)
        examination = desk(None).examine(PulledOut(link, reader.remove, at=7))
        link.close()
    assert examination.problem in {Problem.CARD_REMOVED, Problem.READER_FAILED}
