"""61XX and 6CXX, which the policy card never sends and others do."""

import pytest

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import ResponseAPDU
from cardservice.channel.flow import drive, send
from cardservice.channel.transmission import MAX_GET_RESPONSES
from cardservice.errors import MalformedDataError
from tests.unit.channel.script import Recorder, Script

READ = CommandAPDU(cla=0x00, ins=Ins.READ_BINARY, ne=256)
PROTECTED = CommandAPDU(cla=0x0C, ins=Ins.READ_BINARY, data=bytes(10), ne=256)


def test_a_wrong_le_is_corrected_once() -> None:
    card = Script(("00B0000000", "6C03"), ("00B0000003", "010203 9000"))
    assert drive(send(READ), card) == ResponseAPDU(b"\x01\x02\x03", 0x9000)


def test_a_card_that_corrects_its_own_correction_is_not_followed() -> None:
    card = Script(("00B0000000", "6C03"), ("00B0000003", "6C02"))
    assert drive(send(READ), card).sw == 0x6C02


def test_a_protected_answer_that_says_6cxx_is_left_to_its_session() -> None:
    card = Recorder(["99026C05 8E08 0000000000000000 6C05"])
    assert drive(send(PROTECTED), card).sw == 0x6C05
    assert len(card.sent) == 1


def test_octets_that_wait_are_fetched_and_joined() -> None:
    card = Script(
        ("00B0000000", "0102 6102"), ("00C0000002", "0304 6100"), ("00C0000000", "05 9000")
    )
    assert drive(send(READ), card) == ResponseAPDU(bytes(range(1, 6)), 0x9000)


def test_get_response_is_neither_protected_nor_chained() -> None:
    card = Recorder(["6102", "0102 9000"])
    drive(send(PROTECTED), card)
    assert card.sent[1].hex() == "00c0000002"


def test_a_wrong_le_of_get_response_is_corrected_too() -> None:
    card = Script(("00B0000000", "6110"), ("00C0000010", "6C02"), ("00C0000002", "0102 9000"))
    assert drive(send(READ), card).data == b"\x01\x02"


def test_a_refusal_while_fetching_is_the_answer() -> None:
    card = Recorder(["0102 6102", "6F00"])
    assert drive(send(READ), card).sw == 0x6F00


def test_octets_announced_without_end_are_an_error() -> None:
    commands: list[bytes] = []

    def endless(command: bytes) -> bytes:
        commands.append(command)
        return b"\xaa\x61\x01"

    with pytest.raises(MalformedDataError, match="announces more"):
        drive(send(READ), endless)
    assert len(commands) == 1 + MAX_GET_RESPONSES


def test_octets_announced_and_not_sent_are_an_error_at_once() -> None:
    card = Recorder(["6110", "6110"])
    with pytest.raises(MalformedDataError, match="does not send"):
        drive(send(READ), card)


def test_more_octets_than_any_command_can_ask_for_are_an_error() -> None:
    with pytest.raises(MalformedDataError, match="does not send"):
        drive(send(READ), lambda _: bytes(256) + b"\x61\x00")
