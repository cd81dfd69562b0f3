"""From a blank card to a clinic's verdict, in process and over PC/SC with the same bodies."""

from dataclasses import replace

import pytest

from cardservice.channel.card_management import LifeCycle
from cardservice.domain.verdict import CheckName, Outcome, Reason
from cardservice.errors import Refusal
from cardservice.verify.judging import PHOTO_UNREAD
from simulators.card import blank_card, image
from simulators.card.field import EndOfFile, FieldCard
from simulators.card.foreign import BankCard
from simulators.card.tampering import clone_without_chip_key, copy_of
from tests.chain import (
    NOW,
    PHOTO,
    MemoryRegister,
    StandingClock,
    an_order,
    desk,
    issued_card,
    station,
)
from tests.simulated.conftest import Lend
from tests.unit.policycard.golden_records import octets_of, owner_record
from tests.unit.verify.readings import check_of


def test_three_cards_are_made_and_each_is_valid_at_a_clinic(lend: Lend) -> None:
    register = MemoryRegister(clock := StandingClock())
    ours = station(register, clock=clock)
    for index, photo in enumerate((None, PHOTO, None)):
        card = blank_card()
        with lend(card) as link:
            made = ours.make(link, an_order(index=index, photo=photo))
        with lend(card) as link:
            examination = desk(register).examine(link)
        assert examination.verdict is not None
        assert examination.verdict.outcome is Outcome.VALID
        assert examination.verdict.signed_at == made.signed_at
        assert (examination.holder, examination.proved) == (made.order.holder, True)
        assert (PHOTO_UNREAD in examination.verdict.skipped) is (photo is not None)
    assert len(register.made) == 3


def test_a_second_card_for_the_same_policy_supersedes_the_first(lend: Lend) -> None:
    register = MemoryRegister(clock := StandingClock())
    first, second = blank_card(), blank_card()
    for index, card in enumerate((first, second)):
        with lend(card) as link:
            station(register, clock=clock).make(link, an_order(index=index))
        clock.now = NOW
    with lend(first) as link:
        verdict = desk(register).examine(link).verdict
    assert verdict is not None
    assert verdict.outcome is Outcome.INVALID
    assert verdict.deciding.reason is Reason.SUPERSEDED
    with lend(second) as link:
        again = desk(register).examine(link).verdict
    assert again is not None
    assert again.outcome is Outcome.VALID


def test_a_made_card_is_not_made_again_and_stays_valid(lend: Lend) -> None:
    issued = issued_card()
    card = copy_of(issued.card)
    with lend(card) as link, pytest.raises(Refusal) as refused:
        station(issued.register).make(link, an_order(index=99))
    assert refused.value.code == "card-not-blank"
    with lend(card) as link:
        verdict = desk(issued.register).examine(link).verdict
    assert verdict is not None
    assert verdict.outcome is Outcome.VALID


def test_a_clone_is_a_copy_on_every_way_to_it(lend: Lend) -> None:
    issued = issued_card()
    with lend(clone_without_chip_key(issued.card)) as link:
        examination = desk(issued.register).examine(link)
    assert check_of(examination, CheckName.CHIP_GENUINE).reason is Reason.CHIP_COPIED
    assert examination.verdict is not None
    assert examination.verdict.outcome is Outcome.INVALID


STATES = [
    (LifeCycle.BLOCKED, Reason.CARD_BLOCKED),
    (LifeCycle.TERMINATED, Reason.CARD_TERMINATED),
    (LifeCycle.BLANK, Reason.CARD_NOT_PERSONALIZED),
]


def test_a_chip_that_is_out_of_use_says_so_and_nothing_else(lend: Lend) -> None:
    issued = issued_card()
    for state, reason in STATES:
        card = copy_of(issued.card, changes={image.LIFE_CYCLE: bytes((state,))})
        with lend(card) as link:
            examination = desk(issued.register).examine(link)
        assert examination.verdict is not None
        assert examination.verdict.outcome is Outcome.INVALID
        assert check_of(examination, CheckName.CARD_NOT_BLOCKED).reason is reason
        assert (examination.holder, examination.commands) == (None, 2 + (state == LifeCycle.BLANK))


def test_a_bank_card_is_no_policy_card_on_every_way_to_it(lend: Lend) -> None:
    with lend(BankCard()) as link:
        examination = desk(None).examine(link)
    assert examination.problem is not None
    assert examination.problem.value == "not-a-policy-card"


def test_a_field_card_is_read_and_not_decided(lend: Lend) -> None:
    card = FieldCard(
        owner=octets_of("owner-plain"),
        insurers={0x0301: octets_of("insurer-plain")},
        pointer=0x0301,
        end_of_file=EndOfFile.EXACT_LENGTH,
        get_response=True,
    )
    with lend(card) as link:
        examination = desk(MemoryRegister(lambda: NOW)).examine(link)
    assert examination.verdict is not None
    assert examination.verdict.outcome is Outcome.UNDECIDED
    assert examination.holder == owner_record("owner-plain").holder
    assert not examination.proved


def test_a_card_with_everything_an_order_can_say_is_read_back_in_full(lend: Lend) -> None:
    person = replace(
        an_order().holder, surname="Я" * 60, patronymic=None, birth_place="Ы" * 150, snils=None
    )
    order = replace(an_order(index=5, photo=PHOTO), holder=person, expiry=NOW.date())
    register = MemoryRegister(clock := StandingClock())
    card = blank_card()
    with lend(card) as link:
        station(register, clock=clock).make(link, order)
    with lend(card) as link:
        examination = desk(register).examine(link)
    assert examination.verdict is not None
    assert examination.verdict.outcome is Outcome.VALID
    assert examination.holder == person
