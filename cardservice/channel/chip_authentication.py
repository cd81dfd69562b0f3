"""Chip authentication version 1, terminal side (TR-03110-1, 3.4; ICAO Doc 9303-11, 6.2)."""

from dataclasses import dataclass, field
from typing import Final, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.constant_time import bytes_eq

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import ResponseAPDU
from cardservice.apdu.tlv import Tag, encode_object, only
from cardservice.channel.elliptic_curve import encode_point, load_point, x_of
from cardservice.channel.flow import Flow, protect
from cardservice.channel.key_derivation import derive_session_keys
from cardservice.channel.oids import CHIP_AUTHENTICATION_KEY_BITS, Oid
from cardservice.channel.secure_messaging import SecureMessaging
from cardservice.errors import AuthenticationError, MalformedDataError, UsageError

T = TypeVar("T")

_SET_FOR_COMPUTATION: Final = 0x41  # MSE P1
_AUTHENTICATION_TEMPLATE: Final = 0xA4  # MSE P2
_PROTOCOL: Final = 0x80
_KEY_REFERENCE: Final = 0x84
_EPHEMERAL_KEY: Final = 0x80


@dataclass(frozen=True, slots=True)
class ProvedChip:
    """The chip has the private key that belongs to the static key it was asked about.

    Whether that key is the issuer's, only EF.SOD says.

    Attributes:
        session: secure messaging under the new keys, a ``Protection``.
        terminal_x: Comp of the terminal's ephemeral key, 32 octets: signed in terminal
            authentication.
        chip_x: Comp of the chip's static key, 32 octets: ID_PICC when there was no PACE.
    """

    session: SecureMessaging = field(repr=False)
    terminal_x: bytes
    chip_x: bytes


@dataclass(frozen=True, slots=True)
class UnprovedChip:
    """Keys were agreed; that the chip has its private key is not proved yet.

    A card that cannot compute the keys also answers 9000 up to this point. ``prove`` is the only
    way from here to the session.
    """

    _chip: ProvedChip

    def prove(self, flow: Flow[T]) -> Flow[tuple[ProvedChip, T]]:
        """Run ``flow`` under the new keys; its first answer with a right MAC is the chip's proof.

        Args:
            flow: at least one command, usually the first reading. A refusal that carries a right
                MAC proves the chip too: a flow that wants to survive it handles ``StatusError``.

        Returns:
            The proved chip with its session, and the flow's result.

        Raises:
            AuthenticationError: no right answer under the new keys: the chip is a copy.
            UsageError: the flow sent no command, so nothing is proved.
        """
        witness = _Witness(self._chip.session)
        result = yield from protect(flow, witness)
        if not witness.has_answered:
            raise UsageError("a flow without a command proves nothing")
        return self._chip, result


def authenticate_chip(
    chip_point: bytes,
    *,
    ephemeral: ec.EllipticCurvePrivateKey,
    protocol: bytes = Oid.CA_ECDH_AES_CBC_CMAC_128,
    key_id: int | None = None,
) -> Flow[UnprovedChip]:
    """Agree on new session keys with the chip that has the static key ``chip_point``.

    Run it plain or under the session there is; what follows runs under the new one, which
    ``UnprovedChip.prove`` opens.

    Args:
        chip_point: the chip's static public key from EF.ChipSecurity, 65 octets, not trusted yet.
        ephemeral: a fresh P-256 key of the terminal, used for nothing else.
        protocol: object identifier of chip authentication with AES-128, -192 or -256.
        key_id: identifier of the chip's key when it has several.

    Raises:
        MalformedDataError: the point is not on P-256, or the card's answer is not 7C00.
        AuthenticationError: the card's key is the terminal's own.
        StatusError: the card refused.

    Source: TR-03110-3 B.2, C.1; card.md 5.
    """
    own_point = _own_point(ephemeral)
    chip_key = load_point(chip_point)
    if bytes_eq(own_point, chip_point):
        raise AuthenticationError("the card shows the terminal's own key")
    key_bits = _key_bits(protocol)
    (yield _set_protocol(protocol, key_id)).expect_ok("MSE:Set AT for chip authentication")
    answer = (yield _general_authenticate(own_point)).expect_ok("chip authentication")
    if only(answer, Tag.DYNAMIC_AUTHENTICATION_DATA):
        raise MalformedDataError("chip authentication version 1 is answered by an empty 7C")
    # The x coordinate at full width: a dropped leading zero would give other keys.
    secret = ephemeral.exchange(ec.ECDH(), chip_key)
    session = SecureMessaging(derive_session_keys(secret, key_bits))
    return UnprovedChip(ProvedChip(session, x_of(own_point), x_of(chip_point)))


class _Witness:
    """The session itself, remembering whether it unwrapped a response."""

    __slots__ = ("_session", "has_answered")

    def __init__(self, session: SecureMessaging) -> None:
        self._session = session
        self.has_answered = False

    def wrap(self, command: CommandAPDU) -> CommandAPDU:
        return self._session.wrap(command)

    def unwrap(self, response: ResponseAPDU) -> ResponseAPDU:
        plain = self._session.unwrap(response)
        self.has_answered = True
        return plain


def _own_point(ephemeral: ec.EllipticCurvePrivateKey) -> bytes:
    if not isinstance(ephemeral.curve, ec.SECP256R1):
        raise UsageError("chip authentication here needs an ephemeral key on P-256")
    return encode_point(ephemeral.public_key())


def _key_bits(protocol: bytes) -> int:
    bits = CHIP_AUTHENTICATION_KEY_BITS.get(protocol)
    if bits is None:
        raise MalformedDataError("the card names an unknown chip authentication protocol")
    return bits


def _set_protocol(protocol: bytes, key_id: int | None) -> CommandAPDU:
    data = encode_object(_PROTOCOL, protocol)
    if key_id is not None:
        data += encode_object(_KEY_REFERENCE, bytes((key_id,)))
    return CommandAPDU(
        cla=0x00,
        ins=Ins.MANAGE_SECURITY_ENVIRONMENT,
        p1=_SET_FOR_COMPUTATION,
        p2=_AUTHENTICATION_TEMPLATE,
        data=data,
    )


def _general_authenticate(own_point: bytes) -> CommandAPDU:
    body = encode_object(_EPHEMERAL_KEY, own_point)
    return CommandAPDU(
        cla=0x00,
        ins=Ins.GENERAL_AUTHENTICATE,
        data=encode_object(Tag.DYNAMIC_AUTHENTICATION_DATA, body),
        ne=256,
    )
