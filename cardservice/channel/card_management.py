"""Life cycle, chip key and key information of a card (card.md 6; GPC 2.3, 11)."""

from dataclasses import dataclass
from enum import IntEnum, unique
from typing import Final

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.tlv import Tag, only, parse_objects
from cardservice.channel.elliptic_curve import load_point
from cardservice.channel.flow import Flow
from cardservice.channel.reading import get_data
from cardservice.errors import MalformedDataError

LIFE_CYCLE_TAG: Final = 0xDF01
KEY_INFORMATION_TAG: Final = 0x00E0
_CLA_GP: Final = 0x80
_WHOLE_CARD: Final = 0x40  # SET STATUS P1
_KEY_INFORMATION_LEN: Final = 4


@unique
class LifeCycle(IntEnum):
    """States of a card; what a card names beyond these stays an int."""

    BLANK = 0x07
    PERSONALIZED = 0x0F
    BLOCKED = 0x83
    TERMINATED = 0xFF


@dataclass(frozen=True, slots=True)
class KeyInformation:
    """One key the card has: which one, of what version, AES of how many octets."""

    key_id: int
    version: int
    key_type: int
    key_len: int


def read_life_cycle() -> Flow[int]:
    """Return the card's state, a ``LifeCycle`` value when it is a known one.

    Raises:
        StatusError: the card knows no life cycle (a field card: 6A88, 6D00).
        MalformedDataError: not one octet.
    """
    octets = yield from get_data(LIFE_CYCLE_TAG)
    if len(octets) != 1:
        raise MalformedDataError(f"a life cycle has one octet, not {len(octets)}")
    known = {state.value: state for state in LifeCycle}
    return known.get(octets[0], octets[0])


def set_life_cycle(state: LifeCycle) -> Flow[None]:
    """Put the card into ``state`` with SET STATUS; run it under an SCP03 session.

    Raises:
        StatusError: the transition is not allowed or the card is incomplete (6985).
    """
    command = CommandAPDU(cla=_CLA_GP, ins=Ins.SET_STATUS, p1=_WHOLE_CARD, p2=state)
    (yield command).expect_ok(f"SET STATUS {state.name}")


def generate_chip_key() -> Flow[bytes]:
    """Let the card make its key pair; return the public point 04 ‖ x ‖ y, 65 octets, on P-256.

    Run it under an SCP03 session: that is what ties the key to this card.

    Raises:
        StatusError: the card refused (6985 not blank, or its EF.ChipSecurity is written).
        MalformedDataError: the answer is not 7F49{86 point}, or no point of P-256.
    """
    command = CommandAPDU(cla=_CLA_GP, ins=Ins.GENERATE_ASYMMETRIC_KEY_PAIR, ne=256)
    answer = (yield command).expect_ok("GENERATE ASYMMETRIC KEY PAIR")
    point = only(only(answer, Tag.PUBLIC_KEY), Tag.EC_POINT)
    load_point(point)
    return point


def read_key_information() -> Flow[tuple[KeyInformation, ...]]:
    """Return what keys the card has, in its order (GET DATA 00E0).

    Raises:
        StatusError: the card refused.
        MalformedDataError: the answer is not E0{C0 …}.

    Source: GPC 2.3 11.3.3.1; card.md 7.
    """
    template = only((yield from get_data(KEY_INFORMATION_TAG)), Tag.KEY_INFORMATION_TEMPLATE)
    return tuple(_key_information(one.tag, one.value) for one in parse_objects(template))


def _key_information(tag: int, value: bytes) -> KeyInformation:
    if tag != Tag.KEY_INFORMATION or len(value) != _KEY_INFORMATION_LEN:
        raise MalformedDataError("key information has four octets under C0")
    key_id, version, key_type, key_len = value
    return KeyInformation(key_id, version, key_type, key_len)
