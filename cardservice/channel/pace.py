"""PACE with generic mapping, terminal side (ICAO Doc 9303-11, 4.4; TR-03110-3, B.1)."""

from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.constant_time import bytes_eq

from cardservice.apdu.response import SW, ResponseAPDU
from cardservice.apdu.status import tries_left
from cardservice.apdu.tlv import Tag, encode_object, only
from cardservice.channel.aes import decrypt_cbc
from cardservice.channel.card_access import PaceChoice
from cardservice.channel.curves import Curve
from cardservice.channel.flow import Flow
from cardservice.channel.key_derivation import SessionKeys, derive_session_keys
from cardservice.channel.pace_messages import (
    PaceTag,
    authentication_token,
    general_authenticate,
    parse_confirmation,
    set_at,
)
from cardservice.channel.pace_password import PacePassword, PasswordReference
from cardservice.channel.point import (
    Point,
    add,
    agree,
    decode_point,
    multiply,
    multiply_generator,
    require_scalar,
)
from cardservice.channel.secure_messaging import SecureMessaging
from cardservice.errors import AuthenticationError, MalformedDataError, StatusError, UsageError

NONCE_LENS: Final = (16, 32)
"""Octets of the nonce: one block, or two for ciphers whose key is longer than a block."""

_CHAT_PREFIX: Final = bytes.fromhex("7F4C")


class WrongPasswordError(StatusError):
    """The card refused our token: the password is not the card's.

    Attributes:
        tries_left: 0..15 when the card says so, as it does for a PIN; None for a CAN.
    """

    def __init__(self, sw: int) -> None:
        super().__init__(sw, f"PACE: wrong password, SW={sw:04X}")
        self.tries_left = tries_left(sw)


@dataclass(frozen=True, slots=True)
class PaceSession:
    """Both sides have shown that they know the password.

    Attributes:
        session: secure messaging under the agreed keys, a ``Protection``.
        choice: the variant that ran; hold it against the signed PACEInfo.
        password: which secret of the card was used.
        card_x: Comp of the card's ephemeral key at full width: ID_PICC in terminal authentication.
        cars: references of the card's trust points, the current one first; empty when the card
            sent none.
    """

    session: SecureMessaging = field(repr=False)
    choice: PaceChoice
    password: PasswordReference
    card_x: bytes
    cars: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class _Agreement:
    keys: SessionKeys
    own_point: bytes
    card_point: bytes
    card_x: bytes


def establish_pace(
    choice: PaceChoice,
    *,
    password: PacePassword,
    map_scalar: int,
    ephemeral_scalar: int,
    chat: bytes = b"",
) -> Flow[PaceSession]:
    """Run PACE; return the session, which exists only after the card's token was verified.

    Args:
        choice: the variant, from ``choose_pace``.
        password: what the card is opened with.
        map_scalar: fresh secret of the terminal, 1..n-1 of ``choice.curve``, used for this run.
        ephemeral_scalar: another one.
        chat: DO 7F4C with the rights the terminal will ask for, or nothing.

    Raises:
        WrongPasswordError: the card refused our token.
        AuthenticationError: the card's token is wrong, or it shows the terminal's own keys.
        MalformedDataError: an answer of another structure, or a point that is not on the curve.
        StatusError: the card refused another step.
        UsageError: a scalar out of range, twice the same, or ``chat`` without its tag.

    Source: ICAO Doc 9303-11 4.4.3, 4.4.4; vectors ``icao9303_pace.json``.
    """
    _check_arguments(choice.curve, map_scalar, ephemeral_scalar, chat)
    response = yield set_at(choice, password.reference, chat)
    # 63CX is a warning: of this password, X tries are left. The run may go on.
    if tries_left(response.sw) is None:
        response.expect_ok("MSE:Set AT for PACE")
    nonce = yield from _fetch_nonce(password.key(choice.key_bits), choice.curve)
    generator = yield from _map(nonce, map_scalar, choice.curve)
    agreement = yield from _agree(generator, ephemeral_scalar, choice.key_bits)
    cars = yield from _confirm(agreement, choice.info.protocol)
    session = SecureMessaging(agreement.keys)
    return PaceSession(session, choice, password.reference, agreement.card_x, cars)


def _check_arguments(curve: Curve, map_scalar: int, ephemeral_scalar: int, chat: bytes) -> None:
    if require_scalar(map_scalar, curve) == require_scalar(ephemeral_scalar, curve):
        raise UsageError("mapping and key agreement need a scalar each")
    if chat and not chat.startswith(_CHAT_PREFIX):
        raise UsageError("a CHAT is one object 7F4C")


def _fetch_nonce(password_key: bytes, curve: Curve) -> Flow[int]:
    """Step 1: return the nonce as the number s modulo n."""
    answer = (yield general_authenticate(b"")).expect_ok("PACE, nonce")
    hidden = only(only(answer, Tag.DYNAMIC_AUTHENTICATION_DATA), PaceTag.NONCE)
    if len(hidden) not in NONCE_LENS:
        raise MalformedDataError("the card's encrypted nonce has another length")
    nonce = int.from_bytes(decrypt_cbc(password_key, hidden)) % curve.n
    if not nonce:
        # With s = 0 the mapping would not depend on the password at all.
        raise AuthenticationError("the card's nonce is zero")
    return nonce


def _map(nonce: int, map_scalar: int, curve: Curve) -> Flow[Point]:
    """Step 2: return the mapped generator s·G + H, where H is the point both sides agree on."""
    own = multiply_generator(map_scalar, curve)
    theirs = yield from _swap(own, PaceTag.TERMINAL_MAPPING, PaceTag.CARD_MAPPING)
    return add(multiply_generator(nonce, curve), multiply(map_scalar, theirs))


def _agree(generator: Point, scalar: int, key_bits: int) -> Flow[_Agreement]:
    """Step 3: return the keys that follow from ephemeral keys on the mapped generator."""
    own = multiply(scalar, generator)
    theirs = yield from _swap(own, PaceTag.TERMINAL_KEY, PaceTag.CARD_KEY)
    keys = derive_session_keys(agree(scalar, theirs), key_bits)
    return _Agreement(keys, own.encode(), theirs.encode(), theirs.x_octets())


def _swap(own: Point, own_tag: PaceTag, card_tag: PaceTag) -> Flow[Point]:
    own_point = own.encode()
    response = yield general_authenticate(encode_object(own_tag, own_point))
    answer = response.expect_ok(f"PACE, {own_tag.name.replace('_', ' ').lower()}")
    card_point = only(only(answer, Tag.DYNAMIC_AUTHENTICATION_DATA), card_tag)
    # Equal x is a reflection too: minus our key is as much ours as the key itself.
    if bytes_eq(card_point[: -own.curve.coordinate_len], own_point[: -own.curve.coordinate_len]):
        raise AuthenticationError("the card reflected the terminal's ephemeral key")
    return decode_point(card_point, own.curve)


def _confirm(agreement: _Agreement, protocol: bytes) -> Flow[tuple[bytes, ...]]:
    """Step 4: swap tokens; return the references the card sent once its token is verified."""
    mac_key = agreement.keys.mac
    token = authentication_token(mac_key, protocol, agreement.card_point)
    response = yield general_authenticate(
        encode_object(PaceTag.TERMINAL_TOKEN, token), is_last=True
    )
    received, cars = parse_confirmation(_expect_token_taken(response))
    if not bytes_eq(received, authentication_token(mac_key, protocol, agreement.own_point)):
        raise AuthenticationError("PACE token of the card")
    return cars


def _expect_token_taken(response: ResponseAPDU) -> bytes:
    if response.sw == SW.AUTHENTICATION_FAILED or tries_left(response.sw) is not None:
        raise WrongPasswordError(response.sw)
    return response.expect_ok("PACE, tokens")
