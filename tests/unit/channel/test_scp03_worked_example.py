"""Opening and using an SCP03 session, on one published session held as constants."""

from typing import Any

import pytest

from cardservice.apdu.command import CommandAPDU
from cardservice.apdu.response import ResponseAPDU
from cardservice.channel.aes import cmac
from cardservice.channel.flow import drive
from cardservice.channel.scp03 import SecurityLevel, StaticKeys, derive, open_session
from cardservice.errors import AuthenticationError, MalformedDataError, StatusError, UsageError
from tests.unit.channel.script import Recorder, Script
from tests.unit.channel.worked_scp03 import (
    ANSWER,
    EXTERNAL_AUTHENTICATE,
    HOST_CHALLENGE,
    INITIALIZE_UPDATE,
    ISD_AID,
    KEYS,
    open_worked,
)


def test_the_worked_example_opens_protects_and_reads() -> None:
    card = Script((INITIALIZE_UPDATE, ANSWER), (EXTERNAL_AUTHENTICATE, "9000"))
    session = drive(open_session(KEYS, key_version=0x30, host_challenge=HOST_CHALLENGE), card)
    command = CommandAPDU.parse(bytes.fromhex("80E2910006BF3E035C015A00"))
    assert session.wrap(command).encode().hex() == (
        "84e2910018267a85dfe4a98fca6fb0527e0dfecce4914e40401433c87f00"
    )
    assert session.mac_chaining_value.hex() == "914e40401433c87faa2d1c6e1ec6dce0"
    protected = "f3ba2b1013aa6224f5e1c138d71805c569e5439b47576260b75fc021b25097cb2e68f8a0144975b9"
    response = session.unwrap(ResponseAPDU(bytes.fromhex(protected), 0x9000))
    assert response.data.hex() == "bf3e125a1089882119900000000000000000000005"
    assert (session.card.key_version, session.card.parameter_i) == (0x30, 0x70)
    assert session.card.sequence_counter == 3


def test_keys_can_be_found_by_what_the_card_says_of_itself() -> None:
    asked: list[bytes] = []

    def find(diversification_data: bytes) -> StaticKeys:
        asked.append(diversification_data)
        return KEYS

    card = Recorder([ANSWER, "9000"])
    session = drive(open_session(find, key_version=0, host_challenge=HOST_CHALLENGE), card)
    assert asked == [bytes(10)]
    assert session.level == SecurityLevel.parse(0x33)


@pytest.mark.parametrize("octet", range(13, 32))
def test_a_changed_octet_of_challenge_cryptogram_or_counter_is_noticed(octet: int) -> None:
    forged = bytearray.fromhex(ANSWER)
    forged[octet] ^= 1
    if octet < 29:
        with pytest.raises(AuthenticationError):
            open_worked([forged.hex(), "9000"])
    else:  # the counter is covered by the challenge check only
        with pytest.raises(AuthenticationError):
            open_worked([forged.hex(), "9000"], invoking_aid=ISD_AID)


def test_the_predictable_challenge_of_the_worked_example_is_accepted() -> None:
    session, _ = open_worked([ANSWER, "9000"], invoking_aid=ISD_AID)
    assert session.card.sequence_counter == 3


@pytest.mark.parametrize("cut", range(32))
def test_a_cut_answer_to_initialize_update_is_malformed(cut: int) -> None:
    with pytest.raises(MalformedDataError):
        open_worked([bytes.fromhex(ANSWER)[:cut].hex() + "9000"])


@pytest.mark.parametrize(
    "header", ["300170", "300270", "300371", "300360"], ids=["SCP01", "SCP02", "S16", "no counter"]
)
def test_another_protocol_or_mode_is_malformed(header: str) -> None:
    with pytest.raises(MalformedDataError):
        open_worked([ANSWER.replace("300370", header)])


def test_another_key_version_than_the_one_asked_for_is_refused() -> None:
    with pytest.raises(AuthenticationError, match="key version"):
        open_worked([ANSWER], key_version=0x31)


def test_a_card_without_a_counter_cannot_show_a_predictable_challenge() -> None:
    answer = ANSWER.replace("300370", "300360").replace("000003", "")
    with pytest.raises(AuthenticationError, match="pseudo-random"):
        open_worked([answer], invoking_aid=b"foms_root")


@pytest.mark.parametrize(("answers", "sw"), [(["6A88"], 0x6A88), ([ANSWER, "6300"], 0x6300)])
def test_a_refusing_card_is_named_with_its_word(answers: list[str], sw: int) -> None:
    with pytest.raises(StatusError) as refusal:
        open_worked(answers)
    assert refusal.value.sw == sw


@pytest.mark.parametrize(
    "changes",
    [{"security_level": 0x00}, {"security_level": 0x30}, {"host_challenge": bytes(7)}],
    ids=["no level", "level 30", "challenge"],
)
def test_a_session_that_cannot_exist_is_our_own_mistake(changes: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        open_worked([], **changes)


def test_the_mac_of_an_extended_command_covers_three_octets_of_lc() -> None:
    session, _ = open_worked([ANSWER, "9000"], security_level=0x33)
    before = session.mac_chaining_value
    wrapped = session.wrap(CommandAPDU(cla=0x80, ins=0xE2, data=bytes(300)))
    s_mac = derive(KEYS.mac, 6, HOST_CHALLENGE + session.card.card_challenge, 128)
    raw = wrapped.encode()
    assert raw[4:7].hex() == "000138"
    assert session.mac_chaining_value == cmac(s_mac, before + raw[:-8])


def test_wrap_and_unwrap_take_turns_and_a_closed_session_does_neither() -> None:
    session, _ = open_worked([ANSWER, "9000"])
    command = CommandAPDU(cla=0x80, ins=0xE2)
    with pytest.raises(UsageError):
        session.unwrap(ResponseAPDU(b"", 0x9000))
    session.wrap(command)
    with pytest.raises(UsageError):
        session.wrap(command)
    session.close()
    with pytest.raises(AuthenticationError):
        session.unwrap(ResponseAPDU(b"", 0x6A80))
    with pytest.raises(AuthenticationError):
        session.wrap(command)


@pytest.mark.parametrize("cla", [0x0C, 0x10, 0x81, 0x40])
def test_a_class_that_cannot_be_protected_is_our_own_mistake(cla: int) -> None:
    session, _ = open_worked([ANSWER, "9000"])
    with pytest.raises(UsageError):
        session.wrap(CommandAPDU(cla=cla, ins=0xE2))


def test_get_data_becomes_class_04() -> None:
    session, _ = open_worked([ANSWER, "9000"])
    assert session.wrap(CommandAPDU(cla=0x00, ins=0xCA, p1=0xDF, p2=0x01, ne=256)).cla == 0x04


def test_a_session_does_not_print_its_keys() -> None:
    session, _ = open_worked([ANSWER, "9000"])
    assert KEYS.dek.hex() not in repr(session)
    assert str(KEYS.dek) not in repr(session)
