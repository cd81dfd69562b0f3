"""STORE DATA: coding of data groups, blocks, limits."""

import pytest

from cardservice.apdu.response import ResponseAPDU
from cardservice.channel.flow import drive, protect
from cardservice.channel.key_derivation import SessionKeys
from cardservice.channel.secure_messaging import SecureMessaging
from cardservice.channel.store_data import (
    DGI_BLOCK,
    MAX_BLOCKS,
    encode_dgis,
    store_data,
    store_data_commands,
)
from cardservice.errors import StatusError, UsageError
from tests.unit.channel.card_side import CardSide
from tests.unit.channel.script import Recorder
from tests.unit.channel.worked_scp03 import ANSWER, open_worked


@pytest.mark.parametrize(
    ("size", "length"),
    [(1, "01"), (254, "fe"), (255, "ff00ff"), (256, "ff0100"), (20_000, "ff4e20")],
)
def test_a_data_group_has_a_length_of_one_octet_or_three(size: int, length: str) -> None:
    assert encode_dgis([(0x0201, bytes(size))]) == bytes.fromhex("0201" + length) + bytes(size)


def test_data_groups_keep_their_order() -> None:
    assert encode_dgis([(0x01B0, b"\x03\x01"), (0xD001, b"\x01")]).hex() == "01b0020301d0010101"


@pytest.mark.parametrize("size", [1, 233, 234, 235, 236, 237, 472, 473, 20_000])
def test_blocks_are_numbered_cut_anywhere_and_the_last_is_marked(size: int) -> None:
    card = Recorder(["9000"] * 100)
    drive(store_data([(0x0201, bytes(size))]), card)
    assert b"".join(one[5:] for one in card.sent) == encode_dgis([(0x0201, bytes(size))])
    assert [one[3] for one in card.sent] == list(range(len(card.sent)))
    assert [one[2] for one in card.sent] == [0x08] * (len(card.sent) - 1) + [0x88]
    assert all(one[:2] == b"\x80\xe2" and one[4] <= DGI_BLOCK for one in card.sent)


def test_a_refused_block_ends_the_transaction_and_is_named() -> None:
    card = Recorder(["9000", "6A84"])
    with pytest.raises(StatusError, match="block 2 of 3") as refusal:
        drive(store_data([(0x0201, bytes(600))]), card)
    assert refusal.value.sw == 0x6A84
    assert len(card.sent) == 2


@pytest.mark.parametrize(
    "dgis",
    [[], [(0x0201, b"")], [(0x1_0000, b"\x01")], [(-1, b"\x01")], [(0x0201, bytes(32_764))]],
    ids=["none", "empty", "id too long", "id negative", "over 32 KiB"],
)
def test_what_cannot_be_stored_is_our_own_mistake(dgis: list[tuple[int, bytes]]) -> None:
    with pytest.raises(UsageError):
        drive(store_data(dgis), Recorder([]))


def test_32_kib_are_the_most_and_256_blocks_too() -> None:
    assert len(encode_dgis([(0x0201, bytes(32_763))])) == 32_768
    dgis = [(0x0201, bytes(2 * MAX_BLOCKS - 5))]
    assert len(store_data_commands(dgis, block_size=2)) == MAX_BLOCKS
    with pytest.raises(UsageError, match="256 can be counted"):
        store_data_commands([(0x0201, bytes(2 * MAX_BLOCKS - 4))], block_size=2)
    with pytest.raises(UsageError):
        store_data_commands(dgis, block_size=0)


def test_under_scp03_every_block_goes_out_as_84_with_a_short_length() -> None:
    session, _ = open_worked([ANSWER, "9000"])
    sent: list[bytes] = []

    def refusing_last(raw: bytes) -> bytes:
        sent.append(raw)
        return ResponseAPDU(b"", 0x6A80).encode()

    with pytest.raises(StatusError):
        drive(protect(store_data([(0x0201, bytes(500))]), session), refusing_last)
    assert sent[0][:4].hex() == "84e20800"
    assert sent[0][4] == 248


def test_under_secure_messaging_every_block_goes_out_as_8c_with_a_short_length() -> None:
    keys = SessionKeys(bytes(16), bytes(16))
    card = CardSide(keys.enc, keys.mac)
    flow = store_data([(0x0301, bytes(500))])
    drive(protect(flow, SecureMessaging(keys)), card.exchange)
    assert [header.hex() for header, _ in card.opened] == ["8ce20800", "8ce20801", "8ce28802"]
