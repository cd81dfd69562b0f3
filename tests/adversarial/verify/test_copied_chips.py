"""Copies of a card: each is invalid as a copied chip, never undecided (card.md, section 5)."""

from collections.abc import Callable

import pytest

from cardservice.apdu.tlv import encode_object
from cardservice.channel.elliptic_curve import encode_point
from cardservice.channel.security_infos import encode_chip_security, parse_chip_security
from cardservice.domain.verdict import CheckName, Outcome, Reason
from cardservice.verify.examination import Problem
from simulators.card import SoftwareCard, image
from simulators.card.files import EF_CARD_ID, EF_CHIP_SECURITY, EF_ICCID, EF_OWNER, EF_SOD
from simulators.card.key_agreement import generate_private_key, public_point
from simulators.card.ports import SystemEntropy
from simulators.card.tampering import clone_without_chip_key, copy_of
from tests.adversarial.verify.hostile import (
    COMMANDS,
    FIRST_PROTECTED,
    Meddler,
    copy_with,
    examined,
    examined_over,
    is_copy,
    outcome_of,
)
from tests.chain import an_order, desk, issued_card, link_to, make_card, new_ephemeral
from tests.unit.verify.readings import check_of


def test_the_card_itself_is_valid() -> None:
    assert outcome_of(examined(copy_of(issued_card().card))) is Outcome.VALID


def test_a_clone_without_the_chips_key_is_a_copy() -> None:
    assert is_copy(examined(clone_without_chip_key(issued_card().card)))


def test_a_clone_that_hides_ef_chipsecurity_is_a_copy() -> None:
    card, _ = copy_with({EF_CHIP_SECURITY: None})
    assert is_copy(examined(card))


def chip_security() -> bytes:
    octets = issued_card().card.memory.get(EF_CHIP_SECURITY.cell)
    assert octets is not None
    return octets


@pytest.mark.parametrize(
    "change",
    [
        lambda genuine: b"\x6f" + genuine[1:],
        lambda genuine: encode_object(0x61, genuine),
        lambda _: b"",
        lambda _: bytes(40),
        lambda _: encode_object(0x6E, b""),
    ],
    ids=["root 6F", "root 61", "empty file", "zeros", "empty 6E"],
)
def test_a_clone_whose_ef_chipsecurity_is_no_such_file_is_a_copy(
    change: Callable[[bytes], bytes],
) -> None:
    card, _ = copy_with({EF_CHIP_SECURITY: change(chip_security())})
    assert is_copy(examined(card))


def test_a_clone_with_its_own_chip_key_proves_a_key_that_nobody_vouches_for() -> None:
    private = generate_private_key(SystemEntropy())
    own = encode_chip_security(public_point(private))
    card, _ = copy_with({EF_CHIP_SECURITY: own})
    card = copy_of(card, changes={image.CHIP_KEY: private})
    examination = examined(card)
    chip = check_of(examination, CheckName.CHIP_GENUINE)
    assert (chip.outcome, chip.reason) == (Outcome.INVALID, Reason.CHIP_KEY_NOT_VOUCHED)
    data = check_of(examination, CheckName.DATA_SIGNED)
    assert (data.outcome, data.reason) == (Outcome.INVALID, Reason.DATA_ALTERED)


def test_the_files_of_one_person_on_the_genuine_chip_of_another_are_not_believed() -> None:
    stolen, own = issued_card(), make_card(an_order(index=99))
    files = (EF_SOD, EF_OWNER, EF_CARD_ID, EF_ICCID)
    taken = {file.cell: stolen.card.memory.get(file.cell) for file in files}
    own.card.memory.transaction(taken)
    examination = examined(own.card)
    assert outcome_of(examination) is Outcome.INVALID
    chip = check_of(examination, CheckName.CHIP_GENUINE)
    assert chip.reason is Reason.CHIP_KEY_NOT_VOUCHED


def with_point(point: bytes) -> SoftwareCard:
    genuine = parse_chip_security(chip_security()).public_key.point
    card, _ = copy_with({EF_CHIP_SECURITY: chip_security().replace(genuine, point)})
    return card


@pytest.mark.parametrize(
    "point",
    [
        b"\x04" + bytes(64),
        b"\x04" + b"\xff" * 64,
        b"\x04" + bytes(31) + b"\x01" + bytes(31) + b"\x01",
        b"\x03" + bytes(64),
        b"\x00" * 65,
    ],
    ids=["zero", "beyond the field", "on another curve", "hybrid", "infinity"],
)
def test_a_point_that_is_not_on_the_curve_makes_a_copy(point: bytes) -> None:
    assert is_copy(examined(with_point(point)))


def test_a_card_that_reflects_the_terminals_own_key_is_a_copy() -> None:
    ephemeral = new_ephemeral()
    card = with_point(encode_point(ephemeral.public_key()))
    examiner = desk(issued_card().register, new_ephemeral=lambda: ephemeral)
    assert is_copy(examiner.examine(link_to(card)))


def flipped(answer: bytes, octet: int) -> bytes:
    raw = bytearray(answer)
    raw[octet] ^= 1
    return bytes(raw)


@pytest.mark.parametrize("octet", [0, 5, -3, -4, -10])
def test_a_wrong_mac_in_the_first_protected_answer_makes_a_copy(octet: int) -> None:
    link = Meddler(
        copy_of(issued_card().card),
        lambda n, _, answer: flipped(answer, octet) if n == FIRST_PROTECTED else answer,
    )
    assert is_copy(examined_over(link))


@pytest.mark.parametrize("number", range(FIRST_PROTECTED + 1, COMMANDS + 1))
@pytest.mark.parametrize("octet", [0, -3])
def test_a_wrong_mac_in_a_later_answer_ends_the_examination(number: int, octet: int) -> None:
    link = Meddler(
        copy_of(issued_card().card),
        lambda n, _, answer: flipped(answer, octet) if n == number else answer,
    )
    assert examined_over(link).problem is Problem.CARD_UNREADABLE


@pytest.mark.parametrize(
    "answer", [b"\x69\x87", b"\x69\x88", b"\x69\x82", b"\x6a\x82", b"\x90\x00"]
)
def test_a_chip_that_answers_its_proof_without_protection_is_a_copy(answer: bytes) -> None:
    link = Meddler(
        copy_of(issued_card().card), lambda n, _, a: answer if n == FIRST_PROTECTED else a
    )
    assert is_copy(examined_over(link))


@pytest.mark.parametrize("number", [3, 4])
@pytest.mark.parametrize(
    "answer", [b"\x6a\x80", b"\x6a\x88", b"\x69\x85", b"\x7c\x02\x81\x00\x90\x00", b"\x00\x90\x00"]
)
def test_a_chip_that_refuses_to_prove_itself_is_a_copy(number: int, answer: bytes) -> None:
    if number == 3 and answer.endswith(b"\x90\x00"):
        answer = b"\x62\x00"
    link = Meddler(copy_of(issued_card().card), lambda n, _, a: answer if n == number else a)
    assert is_copy(examined_over(link))


def test_a_copy_that_hides_its_trust_layer_at_the_second_reading_is_still_invalid() -> None:
    clone = clone_without_chip_key(issued_card().card)

    def hiding(number: int, command: bytes, answer: bytes) -> bytes:
        is_file_of_the_trust_layer = command[:3] in (b"\x00\xb0\x8e", b"\x00\xb0\x9d")
        return b"\x6a\x82" if number > FIRST_PROTECTED and is_file_of_the_trust_layer else answer

    examination = examined_over(Meddler(clone, hiding))
    assert outcome_of(examination) is Outcome.INVALID
    data = check_of(examination, CheckName.DATA_SIGNED)
    assert data.reason is Reason.TRUST_LAYER_REMOVED


def test_a_copy_without_its_trust_layer_is_never_valid_even_where_no_register_answers() -> None:
    card, _ = copy_with({EF_SOD: None, EF_CHIP_SECURITY: None})
    examination = desk(None).examine(link_to(card))
    assert outcome_of(examination) is Outcome.UNDECIDED
    assert not examination.proved


def test_the_same_memory_in_two_cards_is_one_card_and_nobody_can_tell() -> None:
    twin = SoftwareCard(copy_of(issued_card().card).memory)
    assert outcome_of(examined(twin)) is Outcome.VALID
