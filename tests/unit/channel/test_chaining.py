"""Command chaining: ISO/IEC 7816-4 5.3.3."""

import pytest

from cardservice.apdu.command import CommandAPDU
from cardservice.channel.chaining import send_long
from cardservice.channel.flow import drive
from cardservice.errors import StatusError, UsageError
from tests.shared import vectors
from tests.unit.channel.script import Recorder, Script

PUT_DATA = 0xDB


def command(data: bytes, ne: int = 0) -> CommandAPDU:
    return CommandAPDU(cla=0x00, ins=PUT_DATA, p1=0x3F, p2=0xFF, data=data, ne=ne)


def test_the_published_chain_is_sent() -> None:
    card = Script(*((one, "9000") for one in vectors("apdu")["chaining"]["example"]))
    response = drive(send_long(command(bytes.fromhex("AABBCCDDEE1122")), part_size=5), card)
    assert response.sw == 0x9000
    assert card.left == []


@pytest.mark.parametrize(
    ("size", "parts"), [(1, [1]), (5, [5]), (6, [5, 1]), (10, [5, 5]), (11, [5, 5, 1])]
)
def test_data_are_cut_without_an_empty_part(size: int, parts: list[int]) -> None:
    card = Recorder(["9000"] * len(parts))
    drive(send_long(command(bytes(size)), part_size=5), card)
    assert [one[4] for one in card.sent] == parts
    assert [one[0] for one in card.sent] == [0x10] * (len(parts) - 1) + [0x00]


def test_only_the_last_part_asks_for_an_answer() -> None:
    card = Recorder(["9000", "AA9000"])
    assert drive(send_long(command(bytes(6), ne=256), part_size=5), card).data == b"\xaa"
    assert [len(one) for one in card.sent] == [4 + 1 + 5, 4 + 1 + 1 + 1]


def test_a_card_without_chaining_is_sent_the_whole_with_extended_length() -> None:
    card = Recorder(["6884", "9000"])
    assert drive(send_long(command(bytes(300))), card).sw == 0x9000
    assert card.sent[1][:7].hex() == "00db3fff00012c"


def test_a_dropped_chain_is_not_tried_again() -> None:
    card = Recorder(["9000", "6883"])
    with pytest.raises(StatusError, match="LAST_COMMAND_OF_CHAIN_EXPECTED"):
        drive(send_long(command(bytes(15)), part_size=5), card)
    assert len(card.sent) == 2


def test_a_card_that_forgets_chaining_in_the_middle_is_refused() -> None:
    card = Recorder(["9000", "6884"])
    with pytest.raises(StatusError, match="CHAINING_NOT_SUPPORTED"):
        drive(send_long(command(bytes(15)), part_size=5), card)
    assert len(card.sent) == 2


def test_the_status_of_the_last_part_is_the_callers_to_judge() -> None:
    assert drive(send_long(command(bytes(6)), part_size=5), Recorder(["9000", "6300"])).sw == 0x6300


@pytest.mark.parametrize(("cla", "part_size"), [(0x00, 0), (0x10, 5)])
def test_a_chain_that_cannot_be_made_is_our_own_mistake(cla: int, part_size: int) -> None:
    part = CommandAPDU(cla=cla, ins=PUT_DATA, data=bytes(6))
    with pytest.raises(UsageError):
        drive(send_long(part, part_size=part_size), Script())
