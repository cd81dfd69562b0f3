"""Secure messaging with AES: ISO/IEC 7816-4 10, ICAO Doc 9303-11 9.8."""

from typing import Any

import pytest

from cardservice.apdu.command import CommandAPDU
from cardservice.apdu.response import ResponseAPDU
from cardservice.channel.flow import drive, protect, send
from cardservice.channel.key_derivation import SessionKeys
from cardservice.channel.secure_messaging import (
    SHORT_NC,
    SHORT_NC_WITH_LE,
    SHORT_NR,
    SecureMessaging,
)
from cardservice.errors import AuthenticationError, UsageError
from tests.shared import vectors
from tests.unit.channel.card_side import CardSide, tlv

VECTORS = vectors("sm_aes")
KEYS = SessionKeys(bytes.fromhex(VECTORS["k_enc"]), bytes.fromhex(VECTORS["k_mac"]))
READ = CommandAPDU(cla=0x00, ins=0xB0, ne=256)


def session_and_card() -> tuple[SecureMessaging, CardSide]:
    return SecureMessaging(KEYS), CardSide(KEYS.enc, KEYS.mac)


@pytest.mark.parametrize("case", VECTORS["command_cases"], ids=lambda case: case["name"])
def test_a_published_command_is_protected_to_the_octet(case: dict[str, Any]) -> None:
    session = SecureMessaging(KEYS)
    for step in case["steps"]:
        plain = CommandAPDU.parse(bytes.fromhex(step["plain_capdu"]))
        assert session.wrap(plain).encode().hex() == step["protected_capdu"]


def test_the_published_response_of_the_eac_example_is_accepted() -> None:
    example = vectors("eac2_worked_example_ecdh")["examples"][0]
    pace = example["pace"]
    fragment = example["secure_messaging_fragments"][1]
    keys = SessionKeys(bytes.fromhex(pace["k_enc"]), bytes.fromhex(pace["k_mac"]))
    session = SecureMessaging(keys)
    session.wrap(READ)
    assert fragment["ssc"] == 2
    raw = f"{fragment['data']}8e08{fragment['mac']}9000"
    assert session.unwrap(ResponseAPDU.parse(bytes.fromhex(raw))) == ResponseAPDU(b"", 0x9000)


@pytest.mark.parametrize("bits", [128, 192, 256])
@pytest.mark.parametrize("nr", [0, 1, 15, 16, 17, 223, 224, 2000])
def test_responses_of_every_size_and_key_length_are_opened(bits: int, nr: int) -> None:
    keys = SessionKeys(bytes(range(bits // 8)), bytes(range(1, bits // 8 + 1)))
    session, card = SecureMessaging(keys), CardSide(keys.enc, keys.mac)
    for data in (bytes(nr), bytes(range(256))[:nr]):
        exchange = drive(protect(send(READ), session), lambda raw, d=data: card.exchange(raw, d))  # type: ignore[misc]
        assert exchange == ResponseAPDU(data, 0x9000)


def test_errors_and_warnings_inside_the_session_are_opened_too() -> None:
    session, card = session_and_card()
    for sw, data in ((0x6982, b""), (0x6282, b"\x01"), (0x63C2, b"")):
        card.receive(session.wrap(READ).encode())
        answer = ResponseAPDU.parse(card.answer(data, sw))
        assert session.unwrap(answer) == ResponseAPDU(data, sw)
    assert not session.is_closed


def test_an_odd_instruction_carries_its_data_under_85_without_an_indicator() -> None:
    session, card = session_and_card()
    read_odd = CommandAPDU(cla=0x00, ins=0xB1, data=bytes.fromhex("54029000"), ne=256)
    card.receive(session.wrap(read_odd).encode())
    assert card.opened[0][1][:2].hex() == "8510"
    answer = ResponseAPDU.parse(card.answer(b"\x53\x01\xaa", 0x9000, tag=0x85))
    assert session.unwrap(answer).data == b"\x53\x01\xaa"


@pytest.mark.parametrize(("ins", "tag"), [(0xB0, 0x85), (0xB1, 0x87)])
def test_data_under_the_other_instructions_tag_are_refused(ins: int, tag: int) -> None:
    session, card = session_and_card()
    card.receive(session.wrap(CommandAPDU(cla=0, ins=ins, ne=256)).encode())
    with pytest.raises(AuthenticationError):
        session.unwrap(ResponseAPDU.parse(card.answer(b"\x01", 0x9000, tag=tag)))


@pytest.mark.parametrize(("ne", "limit"), [(0, SHORT_NC), (256, SHORT_NC_WITH_LE)])
def test_the_stated_limit_is_the_last_that_fits_a_short_command(ne: int, limit: int) -> None:
    def lc(nc: int) -> bytes:
        command = CommandAPDU(cla=0, ins=0x2A, data=bytes(nc), ne=ne)
        return SecureMessaging(KEYS).wrap(command).encode()[4:5]

    assert lc(limit) != b"\x00"
    assert lc(limit + 1) == b"\x00"


def test_the_outer_le_is_zero_also_when_protection_makes_the_command_long() -> None:
    grown = SecureMessaging(KEYS).wrap(CommandAPDU(cla=0, ins=0x2A, data=bytes(240), ne=256))
    assert grown.encode()[4:5] + grown.encode()[-2:] == bytes(3)


def test_the_stated_limit_is_the_last_that_fits_a_short_response() -> None:
    _, card = session_and_card()
    assert len(card.answer(bytes(SHORT_NR), 0x9000)) <= 258
    assert len(card.answer(bytes(SHORT_NR + 1), 0x9000)) > 258


@pytest.mark.parametrize("cla", [0x04, 0x0C, 0x01, 0x40, 0x84])
def test_a_class_that_cannot_be_protected_is_our_own_mistake(cla: int) -> None:
    with pytest.raises(UsageError):
        SecureMessaging(KEYS).wrap(CommandAPDU(cla=cla, ins=0xB0))


def test_a_proprietary_command_becomes_8c() -> None:
    assert SecureMessaging(KEYS).wrap(CommandAPDU(cla=0x80, ins=0xE2)).cla == 0x8C


def test_wrap_and_unwrap_take_turns() -> None:
    session = SecureMessaging(KEYS)
    with pytest.raises(UsageError):
        session.unwrap(ResponseAPDU(b"", 0x9000))
    session.wrap(READ)
    with pytest.raises(UsageError):
        session.wrap(READ)


def test_a_closed_session_neither_wraps_nor_unwraps() -> None:
    session = SecureMessaging(KEYS)
    session.wrap(READ)
    session.close()
    with pytest.raises(AuthenticationError):
        session.unwrap(ResponseAPDU(tlv(0x99, b"\x90\x00"), 0x9000))
    with pytest.raises(AuthenticationError):
        session.wrap(READ)


def test_a_session_does_not_print_its_keys() -> None:
    assert KEYS.enc.hex() not in repr(SecureMessaging(KEYS))
    assert "bytes" not in repr(KEYS)
