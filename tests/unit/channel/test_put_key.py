"""PUT KEY and the values that go under Key-DEK."""

import pytest

from cardservice.apdu.response import ResponseAPDU
from cardservice.channel.aes import decrypt_cbc
from cardservice.channel.flow import drive, protect
from cardservice.channel.scp03 import (
    Scp03Session,
    StaticKeys,
    check_put_key_answer,
    key_check_value,
    put_key,
    put_key_command,
    secret_value,
)
from cardservice.errors import AuthenticationError, MalformedDataError, StatusError, UsageError
from tests.unit.channel.script import Recorder
from tests.unit.channel.worked_scp03 import ANSWER, KEYS, open_worked


def new_keys(size: int) -> StaticKeys:
    return StaticKeys(*(bytes((start + i) % 256 for i in range(size)) for start in (64, 128, 192)))


def session() -> Scp03Session:
    return open_worked([ANSWER, "9000"])[0]


@pytest.mark.parametrize(
    ("size", "head"), [(16, "8810"), (24, "882118"), (32, "8820")], ids=[128, 192, 256]
)
def test_a_key_set_is_coded_as_the_contract_says(size: int, head: str) -> None:
    new = new_keys(size)
    command = put_key_command(new, new_version=0x31, present_version=0x30, session=session())
    assert command.header.hex() == "80d83081"
    data = command.data
    assert data[0] == 0x31
    field_len = (len(data) - 1) // 3
    for number, one in enumerate((new.enc, new.mac, new.dek)):
        field = data[1 + number * field_len : 1 + (number + 1) * field_len]
        start = len(bytes.fromhex(head))
        assert field[:start].hex() == head
        assert field[-4:] == b"\x03" + key_check_value(one)
        plain = decrypt_cbc(KEYS.dek, field[start:-4])
        assert plain == one + bytes(-size % 16)


def answer_for(new: StaticKeys, version: int = 0x31) -> bytes:
    return bytes((version,)) + b"".join(key_check_value(k) for k in (new.enc, new.mac, new.dek))


def test_the_cards_confirmation_is_checked() -> None:
    new = new_keys(16)
    card = Recorder([answer_for(new) + b"\x90\x00"])
    flow = put_key(new, new_version=0x31, present_version=0x30, session=session())
    drive(flow, card)
    assert card.sent[0][4] == len(card.sent[0]) - 6


@pytest.mark.parametrize("octet", range(10))
def test_a_confirmation_of_other_keys_is_refused(octet: int) -> None:
    new = new_keys(16)
    wrong = bytearray(answer_for(new))
    wrong[octet] ^= 1
    with pytest.raises(AuthenticationError):
        check_put_key_answer(bytes(wrong), new, new_version=0x31)


@pytest.mark.parametrize("size", [0, 9, 11])
def test_a_confirmation_of_another_length_is_malformed(size: int) -> None:
    with pytest.raises(MalformedDataError):
        check_put_key_answer(bytes(size), new_keys(16), new_version=0x31)


def test_a_refused_key_set_is_an_error() -> None:
    flow = put_key(new_keys(16), new_version=0x31, present_version=0x30, session=session())
    with pytest.raises(StatusError, match="PUT KEY"):
        drive(flow, Recorder(["6A80"]))


@pytest.mark.parametrize(("new", "present"), [(0, 0x30), (0x80, 0x30), (0x31, 0), (0x31, 0x80)])
def test_a_version_that_no_key_set_has_is_our_own_mistake(new: int, present: int) -> None:
    with pytest.raises(UsageError):
        put_key_command(new_keys(16), new_version=new, present_version=present, session=session())


def test_a_secret_goes_out_with_its_length_padded_and_encrypted() -> None:
    value = secret_value("123456", session())
    assert decrypt_cbc(KEYS.dek, value) == b"\x06123456" + bytes(9)


@pytest.mark.parametrize("digits", ["", "12a4", "１２３４", "1" * 16, "-123", "12 3"])
def test_a_secret_is_made_of_a_few_ascii_digits(digits: str) -> None:
    with pytest.raises(UsageError) as refusal:
        secret_value(digits, session())
    assert digits not in str(refusal.value) or not digits


def test_the_whole_goes_through_the_session() -> None:
    new, running = new_keys(16), session()
    flow = put_key(new, new_version=0x31, present_version=0x30, session=running)
    with pytest.raises(StatusError):
        drive(protect(flow, running), lambda _: ResponseAPDU(b"", 0x6985).encode())
    assert not running.is_closed
