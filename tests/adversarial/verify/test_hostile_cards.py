"""Cards that rave, stall or never end: an examination ends, and never well."""

from itertools import count

import pytest

from cardservice.apdu.tlv import encode_object
from cardservice.transport.budget import MAX_COMMANDS, TimeBudgetLink
from cardservice.verify.examination import Problem
from simulators.card.field import FieldCard
from simulators.card.foreign import BankCard, MuteCard, RandomCard
from simulators.card.tampering import copy_of
from tests.adversarial.verify.hostile import (
    OK,
    Meddler,
    Says,
    examined,
    examined_over,
    is_not_valid,
    within_bounds,
)
from tests.chain import issued_card, link_to


def test_a_bank_card_is_no_policy_card() -> None:
    examination = examined(BankCard())
    assert (examination.problem, examination.commands) == (Problem.NOT_A_POLICY_CARD, 2)


def test_a_mute_card_is_a_removed_card() -> None:
    assert examined(MuteCard()).problem is Problem.CARD_REMOVED


@pytest.mark.parametrize("answer", [b"", b"\x90"])
def test_an_answer_without_a_status_word_is_unreadable(answer: bytes) -> None:
    assert examined_over(Says(answer)).problem is Problem.CARD_UNREADABLE


def test_a_card_of_random_answers_is_never_valid_and_soon_left() -> None:
    for seed in range(400):
        link = within_bounds(link_to(RandomCard(seed)))
        assert is_not_valid(examined_over(link)), f"seed {seed}"


def test_a_card_that_says_9000_to_everything_is_not_valid() -> None:
    for answer in (OK, bytes(256) + OK, b"\x77\x02\x30\x00" + OK, b"\x62\x80" + OK):
        link = Says(answer)
        assert is_not_valid(examined_over(within_bounds(link)))
        assert link.asked < 100


@pytest.mark.parametrize("sw", range(0x6000, 0x7000, 0x55))
def test_a_card_that_says_one_status_word_to_everything_is_soon_left(sw: int) -> None:
    link = Says(sw.to_bytes(2))
    assert is_not_valid(examined_over(within_bounds(link)))
    assert link.asked < 20


@pytest.mark.parametrize("data", [b"", b"\x00", bytes(255)])
def test_octets_announced_without_end_are_given_up(data: bytes) -> None:
    for sw2 in (0x00, 0x01, 0xFF):
        link = Says(data + bytes((0x61, sw2)))
        assert examined_over(link).problem is Problem.CARD_UNREADABLE
        assert link.asked < 1_000


@pytest.mark.parametrize("prefix", ["00A4", "00B0", "0022", "0086", "0CB0"])
def test_octets_announced_without_end_to_one_kind_of_command_are_given_up(prefix: str) -> None:
    began = bytes.fromhex(prefix)
    link = Meddler(
        copy_of(issued_card().card),
        lambda _, command, answer: (
            bytes(16) + b"\x61\x10" if command[:2] in (began, b"\x00\xc0") else answer
        ),
    )
    assert is_not_valid(examined_over(within_bounds(link)))
    assert link.count < MAX_COMMANDS


def test_a_card_that_corrects_every_length_again_is_soon_left() -> None:
    lengths = count(1)
    link = Says(lambda _: bytes((0x6C, next(lengths) % 256)))
    assert is_not_valid(examined_over(link))
    assert link.asked < 50


def test_a_card_that_corrects_every_reading_is_not_valid() -> None:
    link = Meddler(
        copy_of(issued_card().card),
        lambda _, command, answer: b"\x6c\x10" if command[1] == 0xB0 else answer,
    )
    assert is_not_valid(examined_over(link))
    assert link.count < 50


def test_a_file_that_comes_octet_by_octet_is_read_within_the_bounds_or_left() -> None:
    card = FieldCard(owner=encode_object(0x62, bytes(20_000)), insurers={}, pointer=None)
    link = Meddler(
        card,
        lambda _, command, answer: answer[:1] + OK if command[1] == 0xB0 and answer[2:] else answer,
    )
    assert is_not_valid(examined_over(within_bounds(link)))
    assert link.count <= MAX_COMMANDS


@pytest.mark.parametrize("seconds_a_command", [0.8, 3.0, 60.0])
def test_a_slow_card_is_given_up_when_its_time_is_used(seconds_a_command: float) -> None:
    clock = [0.0]

    def slow(_number: int, _command: bytes, answer: bytes) -> bytes:
        clock[0] += seconds_a_command
        return answer

    link = Meddler(copy_of(issued_card().card), slow)
    budget = TimeBudgetLink(link, 5.0, lambda: clock[0])
    assert examined_over(budget).problem is Problem.CARD_TOO_SLOW
    assert clock[0] <= 5.0 + seconds_a_command
