"""A card, or someone on the line, that tampers with protected responses."""

from collections.abc import Callable

import pytest

from cardservice.apdu.command import CommandAPDU
from cardservice.apdu.response import ResponseAPDU
from cardservice.channel.flow import drive, protect, send
from cardservice.channel.key_derivation import SessionKeys
from cardservice.channel.secure_messaging import SecureMessaging
from cardservice.errors import AuthenticationError, MalformedDataError
from tests.unit.channel.card_side import CardSide, tlv

KEYS = SessionKeys(bytes(range(16)), bytes(range(16, 32)))
READ = CommandAPDU(cla=0x00, ins=0xB0, ne=256)
DATA = bytes(range(40))


def waiting() -> tuple[SecureMessaging, CardSide]:
    """A session that waits for its first response, and the card that could give it."""
    session, card = SecureMessaging(KEYS), CardSide(KEYS.enc, KEYS.mac)
    card.receive(session.wrap(READ).encode())
    return session, card


def genuine_answer() -> bytes:
    _, card = waiting()
    return card.answer(DATA, 0x9000)


ANSWER = genuine_answer()


def assert_dead(session: SecureMessaging, raw: bytes) -> None:
    with pytest.raises(AuthenticationError):
        session.unwrap(ResponseAPDU.parse(raw))
    assert session.is_closed
    with pytest.raises(AuthenticationError):
        session.wrap(READ)


def test_the_untouched_answer_is_good() -> None:
    session, _ = waiting()
    assert session.unwrap(ResponseAPDU.parse(ANSWER)).data == DATA


@pytest.mark.parametrize("octet", range(len(ANSWER)))
def test_one_changed_octet_anywhere_kills_the_session(octet: int) -> None:
    session, _ = waiting()
    forged = bytearray(ANSWER)
    forged[octet] ^= 0x01
    assert_dead(session, bytes(forged))


@pytest.mark.parametrize("kept", range(len(ANSWER) - 2))
def test_any_truncation_kills_the_session(kept: int) -> None:
    session, _ = waiting()
    assert_dead(session, ANSWER[:kept] + b"\x90\x00")


@pytest.mark.parametrize("sw", [0x6987, 0x6988, 0x9000, 0x6982, 0x6A82, 0x6300])
def test_an_unprotected_word_kills_the_session_and_is_named(sw: int) -> None:
    session, _ = waiting()
    with pytest.raises(AuthenticationError, match=f"SW={sw:04X}"):
        session.unwrap(ResponseAPDU(b"", sw))
    assert session.is_closed


def test_a_stripped_mac_kills_the_session() -> None:
    session, _ = waiting()
    assert_dead(session, ANSWER[:-12] + b"\x90\x00")


def test_plain_data_in_place_of_protected_ones_kill_the_session() -> None:
    session, _ = waiting()
    assert_dead(session, DATA + b"\x90\x00")


def test_a_replayed_answer_kills_the_session() -> None:
    session, card = waiting()
    first = card.answer(DATA, 0x9000)
    session.unwrap(ResponseAPDU.parse(first))
    session.wrap(READ)
    assert_dead(session, first)


def test_an_answer_kept_back_and_given_later_kills_the_session() -> None:
    session, card = waiting()
    kept = card.answer(b"old", 0x9000)
    card.ssc -= 1
    session.unwrap(ResponseAPDU.parse(card.answer(b"new", 0x9000)))
    card.receive(session.wrap(READ).encode())
    assert_dead(session, kept)


def test_our_own_command_sent_back_kills_the_session() -> None:
    session = SecureMessaging(KEYS)
    command = session.wrap(CommandAPDU(cla=0, ins=0x2A, data=DATA, ne=256))
    assert_dead(session, command.data + b"\x90\x00")


def test_an_answer_from_another_session_kills_this_one() -> None:
    session, _ = waiting()
    other = CardSide(bytes(16), bytes(16))
    other.ssc = 1
    assert_dead(session, other.answer(DATA, 0x9000))


def sealed(objects: Callable[[CardSide], bytes], sw: int = 0x9000) -> bytes:
    """An answer with a right MAC over objects that do not belong there."""
    _, card = waiting()
    card.ssc += 1
    return card.sealed(objects(card), sw)


def cipher_of(card: CardSide, plain: bytes) -> bytes:
    return card.cipher().encryptor().update(plain)


OK = tlv(0x99, b"\x90\x00")
WELL_MACED = {
    "no objects": lambda _: b"",
    "no status": lambda card: tlv(0x87, b"\x01" + cipher_of(card, bytes(15) + b"\x80")),
    "two statuses": lambda _: OK + OK,
    "data and two statuses": lambda card: (
        tlv(0x87, b"\x01" + cipher_of(card, bytes(15) + b"\x80")) + OK + OK
    ),
    "the status under another tag": lambda _: tlv(0x81, b"\x90\x00"),
    "data without an indicator": lambda card: tlv(0x87, cipher_of(card, b"\x80" * 16)) + OK,
    "data under the tag of odd instructions": lambda card: (
        tlv(0x85, b"\x01" + cipher_of(card, b"\x80" * 16)) + OK
    ),
    "status before the data": lambda card: OK + tlv(0x87, b"\x01" + cipher_of(card, b"\x80" * 16)),
    "data twice": lambda card: tlv(0x87, b"\x01" + cipher_of(card, b"\x80" * 16)) * 2 + OK,
    "plain data": lambda _: tlv(0x81, DATA) + OK,
    "an unknown object": lambda _: tlv(0x53, DATA) + OK,
    "another status word": lambda _: tlv(0x99, b"\x62\x82"),
    "a status of one octet": lambda _: tlv(0x99, b"\x90"),
    "a status of three octets": lambda _: tlv(0x99, b"\x90\x00\x00"),
    "an empty 87": lambda _: tlv(0x87, b"") + OK,
    "an indicator only": lambda _: tlv(0x87, b"\x01") + OK,
    "another indicator": lambda card: tlv(0x87, b"\x02" + cipher_of(card, b"\x80" * 16)) + OK,
    "part of a block": lambda card: tlv(0x87, b"\x01" + cipher_of(card, bytes(16))[:15]) + OK,
    "no padding mark": lambda card: tlv(0x87, b"\x01" + cipher_of(card, bytes(16))) + OK,
    "a second MAC": lambda _: OK + tlv(0x8E, bytes(8)),
}


@pytest.mark.parametrize("objects", WELL_MACED.values(), ids=WELL_MACED)
def test_a_right_mac_over_wrong_objects_kills_the_session(
    objects: Callable[[CardSide], bytes],
) -> None:
    session, _ = waiting()
    assert_dead(session, sealed(objects))


@pytest.mark.parametrize(
    "tail", ["8E04 00000000", "8E00", "8E10" + "00" * 16, "8E08" + "00" * 8 + "9902 9000"]
)
def test_a_mac_of_another_length_or_place_kills_the_session(tail: str) -> None:
    session, _ = waiting()
    assert_dead(session, OK + bytes.fromhex(tail) + b"\x90\x00")


@pytest.mark.parametrize(
    "head", ["87 84 FFFFFFFF 01", "87 83 FFFFFF 01", "87 80 01", "87 FF", "1F FF FF FF FF FF", "00"]
)
def test_an_enormous_or_endless_object_kills_the_session(head: str) -> None:
    session, _ = waiting()
    assert_dead(session, bytes.fromhex(head) + OK + b"\x90\x00")


def test_a_status_word_changed_on_the_line_kills_the_session() -> None:
    session, card = waiting()
    assert_dead(session, card.answer(b"", 0x6982)[:-2] + b"\x90\x00")


def test_octets_announced_without_end_under_protection_stop() -> None:
    count: list[int] = []

    def endless(_: bytes) -> bytes:
        count.append(1)
        return b"\x87\x61\x01"

    with pytest.raises(MalformedDataError):
        drive(protect(send(READ), SecureMessaging(KEYS)), endless)
    assert len(count) < 1000
