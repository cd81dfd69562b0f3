"""Secure messaging with AES, terminal side: ISO/IEC 7816-4, 10; ICAO Doc 9303-11, 9.8."""

from enum import IntEnum, unique
from typing import Final

from cryptography.hazmat.primitives.constant_time import bytes_eq

from cardservice.apdu.class_byte import CHAINING, ISO_SECURE_MESSAGING
from cardservice.apdu.command import MAX_NE, MAX_SHORT_NC, MAX_SHORT_NE, CommandAPDU
from cardservice.apdu.response import SW_LEN, ResponseAPDU
from cardservice.apdu.tlv import Entry, encode_object, scan
from cardservice.channel.aes import (
    BLOCK_LEN,
    block_encryptor,
    decrypt_cbc,
    encrypt_cbc,
    keyed_cmac,
    pad,
    unpad,
)
from cardservice.channel.key_derivation import SessionKeys
from cardservice.errors import AuthenticationError, MalformedDataError, UsageError

__all__ = ["SHORT_NC", "SHORT_NC_WITH_LE", "SHORT_NR", "SecureMessaging", "SessionKeys"]

MAC_LEN: Final = 8
SHORT_NR: Final = 223
"""Most plain octets of a response that fits 256: 239 and more pad to 240, 87 81F1 01 makes 258."""
SHORT_NC_WITH_LE: Final = 223
"""Most plain octets of a command with Le whose protected form keeps a short Lc."""
SHORT_NC: Final = 239
"""The same for a command without Le."""

_PADDING_INDICATOR: Final = b"\x01"  # method 2
_ODD: Final = 0x01
_CLASS_TAKEN: Final = ~(0x80 | CHAINING)  # 0x or 8x on channel 0, chained or not


@unique
class SmTag(IntEnum):
    """Data objects of secure messaging; bit 1 set means "covered by the MAC"."""

    ENCRYPTED_BER_TLV = 0x85
    ENCRYPTED_DATA = 0x87
    CHECKSUM = 0x8E
    LE = 0x97
    STATUS = 0x99


class UnprotectedAnswerError(AuthenticationError):
    """The card, or something between, answered with a bare status word; it proves nothing.

    Attributes:
        sw: what was answered: a hint at most, because anybody on the line can say it.
    """

    def __init__(self, sw: int) -> None:
        super().__init__(f"the card answered unprotected: SW={sw:04X}")
        self.sw = sw


class SecureMessaging:
    """One session, a ``Protection``. The first error closes it for good.

    Wrap and unwrap take turns: each advances the send sequence counter by one.
    """

    __slots__ = ("_awaiting", "_cmac", "_encrypt_block", "_is_closed", "_is_odd", "_keys", "_ssc")

    def __init__(self, keys: SessionKeys, *, ssc: int = 0) -> None:
        """Start with ``keys``; ``ssc`` is the counter before the first command, 0 after PACE."""
        self._keys = keys
        self._cmac = keyed_cmac(keys.mac)
        self._encrypt_block = block_encryptor(keys.enc)
        self._ssc = ssc
        self._awaiting = False
        self._is_odd = False
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        """True after the first error."""
        return self._is_closed

    def close(self) -> None:
        """End the session; nothing can be wrapped any more."""
        self._is_closed = True

    def wrap(self, command: CommandAPDU) -> CommandAPDU:
        """Return ``command`` (class 0x, 1x, 8x) with DO 87/85, 97, 8E and class bits 0C.

        The outer Le is 00, or 0000 when a length is extended.

        Raises:
            AuthenticationError: the session is closed.
            UsageError: a class that cannot be protected, or the last response is outstanding.

        Source: ICAO Doc 9303-11 9.8.4; vectors ``sm_aes.json``.
        """
        self._check_turn(awaiting=False)
        if command.cla & _CLASS_TAKEN:
            raise UsageError(f"class {command.cla:02X} cannot be protected")
        self._ssc += 1
        self._awaiting, self._is_odd = True, bool(command.ins & _ODD)
        cla = command.cla | ISO_SECURE_MESSAGING
        header = bytes((cla, command.ins, command.p1, command.p2))
        objects = self._encrypted(command) + _le_object(command)
        checksum = self._checksum(pad(header) + (pad(objects) if objects else b""))
        data = objects + encode_object(SmTag.CHECKSUM, checksum)
        extended = command.is_extended or len(data) > MAX_SHORT_NC
        return CommandAPDU(
            cla=cla,
            ins=command.ins,
            p1=command.p1,
            p2=command.p2,
            data=data,
            ne=MAX_NE if extended else MAX_SHORT_NE,
        )

    def unwrap(self, response: ResponseAPDU) -> ResponseAPDU:
        """Return the plain response inside ``response``.

        Raises:
            AuthenticationError: no or a wrong MAC, an unprotected status word (6987, 6988), a
                status word that differs from DO 99, objects that do not belong there.
            UsageError: no command is outstanding.
        """
        self._check_turn(awaiting=True)
        self._ssc += 1
        self._awaiting = False
        try:
            return self._unwrapped(response)
        except MalformedDataError as error:
            self.close()
            raise AuthenticationError(f"protected response: {error}") from None
        except AuthenticationError:
            self.close()
            raise

    def _check_turn(self, *, awaiting: bool) -> None:
        if self._is_closed:
            raise AuthenticationError("the secure messaging session is closed")
        if self._awaiting is not awaiting:
            raise UsageError("wrap and unwrap take turns")

    def _encrypted(self, command: CommandAPDU) -> bytes:
        if not command.data:
            return b""
        cipher = encrypt_cbc(self._keys.enc, pad(command.data), self._iv())
        prefix = b"" if self._is_odd else _PADDING_INDICATOR
        return encode_object(_data_tag(is_odd=self._is_odd), prefix + cipher)

    def _unwrapped(self, response: ResponseAPDU) -> ResponseAPDU:
        data = response.data
        if not data:
            raise UnprotectedAnswerError(response.sw)
        entries = scan(data)
        tag, header, start, end = entries.pop()
        if tag != SmTag.CHECKSUM:
            raise AuthenticationError("the card's response has no MAC at its end")
        if not bytes_eq(self._checksum(pad(data[:header])), data[start:end]):
            raise AuthenticationError("MAC of the card's response")
        return self._opened(data, entries, response.sw)

    def _opened(self, data: bytes, entries: list[Entry], sw: int) -> ResponseAPDU:
        if not entries or [entry[0] for entry in entries[1:]] not in ([], [SmTag.STATUS]):
            raise AuthenticationError("objects of the card's response")
        status_tag, _, start, end = entries[-1]
        if status_tag != SmTag.STATUS or data[start:end] != sw.to_bytes(SW_LEN):
            raise AuthenticationError("the outer status word is not the protected one")
        if len(entries) == 1:
            return ResponseAPDU(b"", sw)
        tag, _, start, end = entries[0]
        return ResponseAPDU(self._decrypted(tag, data[start:end]), sw)

    def _decrypted(self, tag: int, value: bytes) -> bytes:
        prefix = b"" if self._is_odd else _PADDING_INDICATOR
        if tag != _data_tag(is_odd=self._is_odd) or not value.startswith(prefix):
            raise AuthenticationError("objects of the card's response")
        value = value.removeprefix(prefix)
        return unpad(decrypt_cbc(self._keys.enc, value, self._iv()))

    def _iv(self) -> bytes:
        return self._encrypt_block(self._ssc.to_bytes(BLOCK_LEN))

    def _checksum(self, message: bytes) -> bytes:
        return self._cmac(self._ssc.to_bytes(BLOCK_LEN) + message)[:MAC_LEN]


def _data_tag(*, is_odd: bool) -> SmTag:
    # 7816-4 10.2: odd instructions carry BER-TLV, and then no padding indicator.
    return SmTag.ENCRYPTED_BER_TLV if is_odd else SmTag.ENCRYPTED_DATA


def _le_object(command: CommandAPDU) -> bytes:
    if not command.ne:
        return b""
    width = 2 if command.ne > MAX_SHORT_NE else 1
    return encode_object(SmTag.LE, (command.ne % (1 << 8 * width)).to_bytes(width))
