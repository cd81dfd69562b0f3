"""A card, or someone on the line, that tampers with an SCP03 session."""

import pytest

from cardservice.apdu.command import CommandAPDU
from cardservice.apdu.response import ResponseAPDU
from cardservice.channel.flow import drive
from cardservice.channel.scp03 import Scp03Session, open_session
from cardservice.errors import AuthenticationError, MalformedDataError, PeerError
from tests.unit.channel.script import Recorder
from tests.unit.channel.worked_scp03 import ANSWER, HOST_CHALLENGE, KEYS, open_worked

COMMAND = CommandAPDU.parse(bytes.fromhex("80E2910006BF3E035C015A00"))
PROTECTED = bytes.fromhex(
    "f3ba2b1013aa6224f5e1c138d71805c569e5439b47576260b75fc021b25097cb2e68f8a0144975b9"
)


def waiting() -> Scp03Session:
    session, _ = open_worked([ANSWER, "9000"])
    session.wrap(COMMAND)
    return session


def assert_dead(session: Scp03Session, data: bytes, sw: int = 0x9000) -> None:
    with pytest.raises(AuthenticationError):
        session.unwrap(ResponseAPDU(data, sw))
    assert session.is_closed
    with pytest.raises(AuthenticationError):
        session.wrap(COMMAND)


@pytest.mark.parametrize("octet", range(len(PROTECTED)))
def test_one_changed_octet_kills_the_session(octet: int) -> None:
    forged = bytearray(PROTECTED)
    forged[octet] ^= 0x80
    assert_dead(waiting(), bytes(forged))


@pytest.mark.parametrize("kept", range(len(PROTECTED)))
def test_any_truncation_kills_the_session(kept: int) -> None:
    assert_dead(waiting(), PROTECTED[:kept])


@pytest.mark.parametrize("sw", [0x9000, 0x6200, 0x6282, 0x6300, 0x63C2, 0x6310])
def test_a_success_or_warning_without_mac_is_forged(sw: int) -> None:
    assert_dead(waiting(), b"", sw)


@pytest.mark.parametrize("sw", [0x6282, 0x63C1, 0x6200])
def test_a_success_turned_into_a_warning_kills_the_session(sw: int) -> None:
    assert_dead(waiting(), PROTECTED, sw)


def test_data_beside_an_unauthenticated_refusal_are_dropped() -> None:
    refused = waiting().unwrap(ResponseAPDU(b"evil", 0x6982))
    assert refused == ResponseAPDU(b"", 0x6982)


def test_a_replayed_answer_kills_the_session() -> None:
    session = waiting()
    session.unwrap(ResponseAPDU(PROTECTED, 0x9000))
    session.wrap(COMMAND)
    assert_dead(session, PROTECTED)


def test_our_own_command_sent_back_kills_the_session() -> None:
    session, _ = open_worked([ANSWER, "9000"])
    assert_dead(session, session.wrap(COMMAND).data)


def test_a_card_that_mirrors_our_challenge_is_refused() -> None:
    mirrored = ANSWER.replace("3b1aca81e821f219", HOST_CHALLENGE.hex())
    with pytest.raises(AuthenticationError):
        open_worked([mirrored, "9000"])


def test_a_card_that_answers_with_the_host_cryptogram_is_refused() -> None:
    with pytest.raises(AuthenticationError):
        open_worked([ANSWER.replace("081cdc01c26b372d", "8c36f96bcc00724a"), "9000"])


def test_a_session_of_yesterday_does_not_open_with_todays_challenge() -> None:
    with pytest.raises(AuthenticationError):
        open_worked([ANSWER, "9000"], host_challenge=bytes(8))


def test_a_card_that_never_authenticated_gets_no_command_of_ours() -> None:
    card = Recorder([ANSWER.replace("081cdc01", "00000000"), "9000"])
    with pytest.raises(AuthenticationError):
        drive(open_session(KEYS, key_version=0x30, host_challenge=HOST_CHALLENGE), card)
    assert len(card.sent) == 1


@pytest.mark.parametrize("answer", ["", "00" * 12, "00" * 300, "FF" * 29, ANSWER[:-5] + "00"])
def test_any_other_answer_to_initialize_update_is_the_cards_fault(answer: str) -> None:
    raw = bytes.fromhex(answer) + b"\x90\x00"
    with pytest.raises(PeerError) as fault:
        drive(open_session(KEYS, key_version=0, host_challenge=HOST_CHALLENGE), Recorder([raw]))
    assert isinstance(fault.value, MalformedDataError | AuthenticationError)
