"""One card from all sides, and nothing that a card does comes out as an exception."""

from cardservice.channel.card_management import LifeCycle
from cardservice.domain.verdict import Outcome, ProtocolName
from cardservice.home.inspection import inspect_card
from cardservice.home.issuer import new_scalar
from cardservice.verify.examination import Problem
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.judging import Judge
from simulators.card import Interface, blank_card, image
from simulators.card.foreign import BankCard, RandomCard
from simulators.card.tampering import copy_of
from tests.adversarial.verify.hostile import within_bounds
from tests.chain import (
    LIST_NUMBER,
    NOW,
    Issued,
    desk,
    issued_card,
    issuer,
    link_to,
    new_ephemeral,
)


def test_a_made_card_tells_its_place_in_the_list_its_state_and_its_keys() -> None:
    issued = issued_card()
    found = inspect_card(desk(issued.register), link_to(copy_of(issued.card)))
    assert found.examination.verdict is not None
    assert found.examination.verdict.outcome is Outcome.VALID
    assert found.identity is not None
    assert (found.identity.list_number, found.identity.list_index) == (LIST_NUMBER, 7)
    assert (found.life_cycle, found.key_versions) == (LifeCycle.PERSONALIZED, (0x31,))
    assert found.atr == issued.card.atr


def test_a_blank_card_tells_its_state_and_the_transport_keys() -> None:
    found = inspect_card(desk(None), link_to(blank_card()))
    assert (found.life_cycle, found.key_versions) == (LifeCycle.BLANK, (0x30,))
    assert found.identity is None


def test_a_terminated_card_tells_its_state() -> None:
    changes = {image.LIFE_CYCLE: bytes((LifeCycle.TERMINATED,))}
    found = inspect_card(desk(None), link_to(copy_of(issued_card().card, changes=changes)))
    assert found.life_cycle == LifeCycle.TERMINATED


def test_a_bank_card_is_not_asked_any_further() -> None:
    found = inspect_card(desk(None), link_to(BankCard()))
    assert found.examination.problem is Problem.NOT_A_POLICY_CARD
    assert (found.life_cycle, found.key_versions, found.identity) == (None, (), None)


def test_a_card_of_random_answers_is_inspected_without_an_exception() -> None:
    for seed in range(100):
        found = inspect_card(desk(None), within_bounds(link_to(RandomCard(seed))))
        verdict = found.examination.verdict
        assert verdict is None or verdict.outcome is not Outcome.VALID, seed


def number_desk(issued: Issued) -> CardExaminer:
    """Return a desk that can use the number printed on a card."""
    judge = Judge(issuer().trust(), register=issued.register, clock=lambda: NOW)
    return CardExaminer(judge, new_ephemeral=new_ephemeral, new_scalar=new_scalar)


def test_a_contactless_card_is_inspected_with_its_number() -> None:
    issued = issued_card()
    card = copy_of(issued.card, interface=Interface.CONTACTLESS)
    found = inspect_card(number_desk(issued), link_to(card), can=issued.made.secrets.can)
    assert found.examination.verdict is not None
    assert ProtocolName.PACE in found.examination.verdict.ran
    assert found.identity is not None


def test_a_contactless_card_without_its_number_tells_no_more_than_its_chip_does() -> None:
    issued = issued_card()
    card = copy_of(issued.card, interface=Interface.CONTACTLESS)
    found = inspect_card(number_desk(issued), link_to(card))
    assert found.examination.problem is Problem.ACCESS_REFUSED
    assert (found.life_cycle, found.identity) == (LifeCycle.PERSONALIZED, None)
