"""PACE one step at a time, so that a case can stop, repeat or spoil a step."""

from dataclasses import dataclass, field
from typing import Final

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import SW, ResponseAPDU
from cardservice.apdu.tlv import Tag, encode_object, only
from cardservice.channel.aes import decrypt_cbc
from cardservice.channel.curves import P256
from cardservice.channel.key_derivation import derive_session_keys
from cardservice.channel.oids import Oid
from cardservice.channel.pace_messages import PaceTag, authentication_token
from cardservice.channel.pace_password import PacePassword
from cardservice.channel.point import (
    Point,
    add,
    agree,
    decode_point,
    multiply,
    multiply_generator,
)
from cardservice.conformance.cases.words import SET_PACE
from cardservice.conformance.preparing import new_scalar
from cardservice.conformance.terminal import Terminal, require_sw

_KEY_BITS: Final = 128
_CHAINED: Final = 0x10


@dataclass(slots=True)
class PaceSteps:
    """One run of PACE; each step needs the one before."""

    terminal: Terminal = field(repr=False)
    password: PacePassword | None = field(default=None, repr=False)
    hidden_nonce: bytes = b""
    card_mapping: bytes = b""
    card_key: bytes = b""
    _mapping_scalar: int = field(default_factory=new_scalar, repr=False)
    _scalar: int = field(default_factory=new_scalar, repr=False)
    _generator: Point | None = field(default=None, repr=False)

    def to_nonce(self) -> None:
        """Begin: MSE:Set AT, and the first step."""
        answer = self.terminal.exchange(bytes.fromhex(SET_PACE))
        require_sw(answer, SW.OK, doing="MSE:Set AT")
        self.hidden_nonce = self._value(self.step(None, b""), PaceTag.NONCE)

    def to_mapping(self) -> None:
        """Go on to the mapped generator."""
        self.to_nonce()
        self.card_mapping = self._value(self.send_mapping(), PaceTag.CARD_MAPPING)
        password = self.password or PacePassword.can(self.terminal.known.can or "")
        nonce = int.from_bytes(decrypt_cbc(password.key(_KEY_BITS), self.hidden_nonce)) % P256.n
        shared = multiply(self._mapping_scalar, decode_point(self.card_mapping, P256))
        self._generator = add(multiply_generator(nonce, P256), shared)

    def to_keys(self) -> None:
        """Go on to the keys both sides agree on."""
        self.to_mapping()
        self.card_key = self._value(self.send_key(), PaceTag.CARD_KEY)

    def send_mapping(self) -> ResponseAPDU:
        """Send the second step."""
        own = multiply_generator(self._mapping_scalar, P256)
        return self.step(PaceTag.TERMINAL_MAPPING, own.encode())

    def send_key(self) -> ResponseAPDU:
        """Send the third step."""
        own = multiply(self._scalar, self._mapped())
        return self.step(PaceTag.TERMINAL_KEY, own.encode())

    def send_token(self, *, spoiled: bool = False, marked: bool = False) -> ResponseAPDU:
        """Send the fourth step; before keys were agreed on, with a token of zeros."""
        token = bytearray(8)
        if self.card_key:
            secret = agree(self._scalar, decode_point(self.card_key, P256))
            keys = derive_session_keys(secret, _KEY_BITS)
            protocol = Oid.PACE_ECDH_GM_AES_CBC_CMAC_128
            token = bytearray(authentication_token(keys.mac, protocol, self.card_key))
        token[0] ^= spoiled
        return self.step(PaceTag.TERMINAL_TOKEN, bytes(token), marked=marked)

    def step(self, tag: int | None, value: bytes, *, marked: bool = True) -> ResponseAPDU:
        """Send one GENERAL AUTHENTICATE with one object, or none."""
        body = b"" if tag is None else encode_object(tag, value)
        data = encode_object(Tag.DYNAMIC_AUTHENTICATION_DATA, body)
        cla = _CHAINED if marked else 0
        command = CommandAPDU(cla=cla, ins=Ins.GENERAL_AUTHENTICATE, data=data, ne=256)
        return self.terminal.exchange(command.encode())

    def _mapped(self) -> Point:
        return self._generator or multiply_generator(1, P256)

    @staticmethod
    def _value(response: ResponseAPDU, tag: int) -> bytes:
        require_sw(response, SW.OK, doing=f"the step that gives {tag:02X}")
        return only(only(response.data, Tag.DYNAMIC_AUTHENTICATION_DATA), tag)
