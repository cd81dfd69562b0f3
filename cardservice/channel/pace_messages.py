"""Commands, answers and token of PACE as octets (ICAO Doc 9303-11, 4.4.4)."""

from enum import IntEnum, unique
from typing import Final

from cardservice.apdu.class_byte import CHAINING
from cardservice.apdu.command import MAX_SHORT_NE, CommandAPDU, Ins
from cardservice.apdu.tlv import Tag, encode_object, only, scan
from cardservice.channel.aes import cmac
from cardservice.channel.card_access import PaceChoice
from cardservice.channel.pace_password import PasswordReference
from cardservice.channel.terminal_authentication_references import check_reference
from cardservice.errors import MalformedDataError

TOKEN_LEN: Final = 8

_SET_FOR_MUTUAL_AUTHENTICATION: Final = 0xC1  # MSE P1
_AUTHENTICATION_TEMPLATE: Final = 0xA4  # MSE P2


@unique
class MseTag(IntEnum):
    """Data objects of MSE:Set AT (TR-03110-3, B.11.1)."""

    PROTOCOL = 0x80
    PASSWORD = 0x83
    DOMAIN = 0x84


@unique
class PaceTag(IntEnum):
    """Dynamic authentication data of PACE (ICAO Doc 9303-11, 4.4.4.2, table 7)."""

    NONCE = 0x80
    TERMINAL_MAPPING = 0x81
    CARD_MAPPING = 0x82
    TERMINAL_KEY = 0x83
    CARD_KEY = 0x84
    TERMINAL_TOKEN = 0x85
    CARD_TOKEN = 0x86
    CURRENT_CAR = 0x87
    PREVIOUS_CAR = 0x88


def authentication_token(mac_key: bytes, protocol: bytes, peer_point: bytes) -> bytes:
    """Return T = CMAC(K_MAC, 7F49{06 protocol, 86 point})[:8].

    Args:
        mac_key: K_MAC, 16, 24 or 32 octets.
        protocol: contents octets of the object identifier, without tag 06.
        peer_point: the *other* side's ephemeral key, 04 ‖ x ‖ y.

    Source: ICAO Doc 9303-11 4.4.3.4; vectors ``icao9303_pace.json``.
    """
    body = encode_object(Tag.OBJECT_IDENTIFIER, protocol) + encode_object(Tag.EC_POINT, peer_point)
    return cmac(mac_key, encode_object(Tag.PUBLIC_KEY, body))[:TOKEN_LEN]


def set_at(choice: PaceChoice, reference: PasswordReference, chat: bytes) -> CommandAPDU:
    """Return MSE:Set AT: protocol, password, CHAT if any, domain if the card has several."""
    data = encode_object(MseTag.PROTOCOL, choice.info.protocol)
    data += encode_object(MseTag.PASSWORD, bytes((reference,))) + chat
    if choice.is_ambiguous:
        data += encode_object(MseTag.DOMAIN, bytes((choice.curve.parameter_id,)))
    return CommandAPDU(
        cla=0x00,
        ins=Ins.MANAGE_SECURITY_ENVIRONMENT,
        p1=_SET_FOR_MUTUAL_AUTHENTICATION,
        p2=_AUTHENTICATION_TEMPLATE,
        data=data,
    )


def general_authenticate(data: bytes, *, is_last: bool = False) -> CommandAPDU:
    """Return GENERAL AUTHENTICATE with ``data`` in 7C; all but the last step are chained."""
    # The steps are a chain for the card: each but the last says that more follows.
    return CommandAPDU(
        cla=0x00 if is_last else CHAINING,
        ins=Ins.GENERAL_AUTHENTICATE,
        data=encode_object(Tag.DYNAMIC_AUTHENTICATION_DATA, data),
        ne=MAX_SHORT_NE,
    )


def parse_confirmation(answer: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """Return the token and zero to two references of 7C{86 [87 [88]]}; none is verified.

    Raises:
        MalformedDataError: other objects, another order, a reference of another length.

    Source: ICAO Doc 9303-11 4.4.4.2; TR-03110-3 B.1 (references of trust points).
    """
    body = only(answer, Tag.DYNAMIC_AUTHENTICATION_DATA)
    entries = scan(body)
    order = [PaceTag.CARD_TOKEN, PaceTag.CURRENT_CAR, PaceTag.PREVIOUS_CAR]
    if not entries or [entry[0] for entry in entries] != order[: len(entries)]:
        raise MalformedDataError("the card's last answer is not 7C{86 [87 [88]]}")
    token, *cars = (body[start:end] for _, _, start, end in entries)
    return token, tuple(check_reference(car) for car in cars)
