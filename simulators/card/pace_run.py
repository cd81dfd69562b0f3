"""PACE at the card: generic mapping on P-256 with the CAN.

Source: ICAO 9303-11 4.4, TR-03110-3 B.1; card.md §4 and §5; vectors ``icao9303_pace.json``.
"""

from collections.abc import Callable
from enum import IntEnum

from simulators.card.aes import BLOCK, ZERO_IV, cmac, encrypt_cbc, same_octets
from simulators.card.curve import P256, Curve, NotOnCurveError, Point
from simulators.card.iso_channel import MAC_OCTETS
from simulators.card.key_agreement import KdfCounter, derive_aes_128
from simulators.card.meter import UNMETERED, Meter, Operation
from simulators.card.ports import Entropy, draw_scalar
from simulators.card.protocol_objects import (
    encode_dynamic_data,
)
from simulators.card.status import SW, CommandRefusedError
from simulators.card.tlv import encode_object

ID_PACE_ECDH_GM_AES_128 = bytes.fromhex("04007F00070202040202")


class PaceTag(IntEnum):
    """Objects in 7C and in the token input."""

    NOTHING = 0x00
    OID = 0x06
    NONCE = 0x80
    MAP_TERMINAL = 0x81
    MAP_CARD = 0x82
    AGREE_TERMINAL = 0x83
    AGREE_CARD = 0x84
    TOKEN_TERMINAL = 0x85
    TOKEN_CARD = 0x86
    POINT = 0x86
    PUBLIC_KEY = 0x7F49


_REQUESTS = (
    PaceTag.NOTHING,
    PaceTag.MAP_TERMINAL,
    PaceTag.AGREE_TERMINAL,
    PaceTag.TOKEN_TERMINAL,
)

_MAPPING_OPERATIONS = (Operation.KEY_PAIR, Operation.ECDH, Operation.MAPPING)
"""The mapping key and its point, H with the terminal's, and the new generator."""
_AGREEMENT_OPERATIONS = (Operation.KEY_PAIR, Operation.ECDH)
"""The ephemeral key and its point on the new generator, and the shared secret."""


class PaceRun:
    """One run, from the nonce to the token. Nothing of it outlives an error.

    ``password_key`` is K_pi, 16 octets. The curve and OID are arguments so that published runs on
    other curves can be repeated.
    """

    def __init__(
        self,
        *,
        password_key: bytes,
        entropy: Entropy,
        curve: Curve = P256,
        oid: bytes = ID_PACE_ECDH_GM_AES_128,
        meter: Meter = UNMETERED,
    ) -> None:
        self.step = 0
        self._entropy = entropy
        self._password_key = password_key
        self._curve = curve
        self._oid = oid
        self._count = meter.count
        self._nonce = b""
        self._generator = curve.g
        self._peer: Point = curve.g
        self._public: Point = curve.g
        self._secret = b""

    @property
    def is_last_step(self) -> bool:
        return _REQUESTS[self.step] is PaceTag.TOKEN_TERMINAL

    @property
    def ephemeral_x(self) -> bytes:
        """The x coordinate of the card's ephemeral key: ID_PICC of terminal authentication."""
        return self._public[0].to_bytes(self._curve.coordinate_octets, "big")

    @property
    def secret(self) -> bytes:
        """The agreed x coordinate, from which the session keys come."""
        return self._secret

    def advance(self, tag: int, value: bytes) -> bytes:
        """Return the card's 7C object for the terminal's object of this step.

        Raises:
            CommandRefusedError: ``6985`` for another step's object, ``6A80`` for a bad object or
                point, ``6300`` for a wrong token.
        """
        if tag != _REQUESTS[self.step]:
            known = tag in _REQUESTS
            raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED if known else SW.WRONG_DATA)
        try:
            answer = self._ANSWERS[self.step](self, value)
        except NotOnCurveError:
            raise CommandRefusedError(SW.WRONG_DATA) from None
        self.step += 1
        return answer

    def _give_nonce(self, _value: bytes) -> bytes:
        self._count(Operation.SYMMETRIC)
        self._nonce = self._entropy.octets(BLOCK)
        cipher = encrypt_cbc(self._password_key, ZERO_IV, self._nonce)
        return encode_dynamic_data(PaceTag.NONCE, cipher)

    def _map(self, value: bytes) -> bytes:
        """Move the generator: G' = s·G + H, where H is the point both mapping keys reach."""
        curve = self._curve
        terminal = curve.decode(value)
        for operation in _MAPPING_OPERATIONS:
            self._count(operation)
        private = draw_scalar(self._entropy, curve.n)
        shared = curve.multiply(private, terminal)
        nonce = int.from_bytes(self._nonce, "big") % curve.n
        # The nonce 0 is a legal draw; s·G is then infinite and adds nothing.
        mapped = curve.add(curve.multiply(nonce, curve.g), shared) if nonce else shared
        self._generator = mapped
        return self._encode(PaceTag.MAP_CARD, curve.multiply(private, curve.g))

    def _agree(self, value: bytes) -> bytes:
        curve = self._curve
        self._peer = curve.decode(value)
        for operation in _AGREEMENT_OPERATIONS:
            self._count(operation)
        private = draw_scalar(self._entropy, curve.n)
        self._public = curve.multiply(private, self._generator)
        if self._public == self._peer:
            raise CommandRefusedError(SW.WRONG_DATA)
        x, _ = curve.multiply(private, self._peer)
        self._secret = x.to_bytes(curve.coordinate_octets, "big")
        return self._encode(PaceTag.AGREE_CARD, self._public)

    def _check_token(self, value: bytes) -> bytes:
        if len(value) != MAC_OCTETS:
            raise CommandRefusedError(SW.WRONG_DATA)
        self._count(Operation.SYMMETRIC)
        if not same_octets(value, self._token(self._public)):
            raise CommandRefusedError(SW.AUTHENTICATION_FAILED)
        return encode_dynamic_data(PaceTag.TOKEN_CARD, self._token(self._peer))

    def _token(self, point: Point) -> bytes:
        """Return the MAC over the *other* side's key: each proves that it saw it."""
        key = derive_aes_128(self._secret, KdfCounter.MAC)
        oid = encode_object(PaceTag.OID, self._oid)
        public = encode_object(PaceTag.POINT, self._curve.encode(point))
        return cmac(key, encode_object(PaceTag.PUBLIC_KEY, oid + public))[:MAC_OCTETS]

    def _encode(self, tag: PaceTag, point: Point) -> bytes:
        return encode_dynamic_data(tag, self._curve.encode(point))

    _ANSWERS: tuple[Callable[["PaceRun", bytes], bytes], ...] = (
        _give_nonce,
        _map,
        _agree,
        _check_token,
    )
