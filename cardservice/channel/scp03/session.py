"""An open SCP03 session: protection of commands and responses (Amendment D, 6.2.4 to 6.2.7)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntFlag, unique
from typing import Final

from cryptography.hazmat.primitives.constant_time import bytes_eq

from cardservice.apdu.class_byte import GP_SECURE_MESSAGING
from cardservice.apdu.command import CommandAPDU
from cardservice.apdu.response import SW_LEN, ResponseAPDU
from cardservice.channel.aes import (
    BLOCK_LEN,
    block_encryptor,
    decrypt_cbc,
    encrypt_cbc,
    keyed_cmac,
    pad,
    unpad,
)
from cardservice.channel.scp03.keys import Scp03Keys, wrap_dek
from cardservice.errors import AuthenticationError, MalformedDataError, UsageError

SHORT_NC: Final = 239
"""Most plain octets of a command at level 33 in S8 that fit a short Lc: 240 padded, 8 of MAC."""
SHORT_NC_S16: Final = 223
"""The same in S16: 224 padded, 16 of MAC."""
S8: Final = 8
S16: Final = 16
INITIAL_CHAINING_VALUE: Final = bytes(BLOCK_LEN)
_RESPONSE_ICV_MARK: Final = 1 << (BLOCK_LEN * 8 - 1)  # 80 in the first octet, 6.2.7
_CLASS_BITS_TAKEN: Final = 0x7B  # only 00, 80, 04 and 84 are protected: channel 0


@unique
class SecurityLevel(IntFlag):
    """What a session protects, bit by bit (GPC 2.3, 10.6)."""

    C_MAC = 0x01
    C_DECRYPTION = 0x02
    R_MAC = 0x10
    R_ENCRYPTION = 0x20

    @classmethod
    def parse(cls, level: int) -> "SecurityLevel":
        """Return ``level`` if Amendment D, table 7-6, allows it (01, 03, 11, 13, 33)."""
        if level not in (0x01, 0x03, 0x11, 0x13, 0x33):
            raise UsageError(f"SCP03 has no security level {level:02X}")
        return cls(level)


@dataclass(frozen=True, slots=True)
class InitializeUpdateAnswer:
    """What a card said of itself when the session was opened.

    Attributes:
        diversification_data: 10 octets.
        key_version: version number of the key set in use.
        parameter_i: the SCP03 options of the card.
        card_challenge: 8 octets in S8, 16 in S16.
        card_cryptogram: as long as the challenge; proves that the card has the key set.
        sequence_counter: 3 octets when challenges are pseudo-random, else None.
    """

    diversification_data: bytes
    key_version: int
    parameter_i: int
    card_challenge: bytes
    card_cryptogram: bytes
    sequence_counter: int | None


class Scp03Session:
    """An authenticated session, a ``Protection``; only ``open_session`` makes one.

    Wrap and unwrap take turns. A wrong R-MAC closes the session for good. An error status word
    carries no MAC by the standard: it is passed on with an empty data field, and nothing about
    it may be believed but the fact of refusal.
    """

    __slots__ = (
        "_awaiting",
        "_chaining",
        "_cmac",
        "_counter",
        "_dek",
        "_encrypt_block",
        "_is_closed",
        "_keys",
        "_rmac",
        "card",
        "level",
        "mac_len",
    )

    def __init__(
        self,
        keys: Scp03Keys,
        *,
        dek: bytes,
        level: SecurityLevel,
        card: InitializeUpdateAnswer,
        chaining: bytes,
    ) -> None:
        """Start after EXTERNAL AUTHENTICATE, whose full 16-octet C-MAC is ``chaining``."""
        self.card = card
        self.level = level
        self.mac_len = len(card.card_challenge)
        self._keys = keys
        self._dek = dek
        self._cmac = keyed_cmac(keys.s_mac)
        self._rmac = keyed_cmac(keys.s_rmac)
        self._encrypt_block = block_encryptor(keys.s_enc)
        self._chaining = chaining
        self._counter = 0
        self._awaiting = False
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        """True after the first error, or after ``close``."""
        return self._is_closed

    @property
    def mac_chaining_value(self) -> bytes:
        """The full C-MAC of the command wrapped last, 16 octets."""
        return self._chaining

    def close(self) -> None:
        """End the session; nothing can be wrapped any more."""
        self._is_closed = True

    def wrap_dek(self, sensitive: bytes) -> bytes:
        """Return ``sensitive``, whole blocks, encrypted under the session's static Key-DEK."""
        return wrap_dek(self._dek, sensitive)

    def wrap(self, command: CommandAPDU) -> CommandAPDU:
        """Return ``command`` (class 00 or 80) encrypted as the level says, with C-MAC.

        Ne stays as it is: Le is not covered by the C-MAC.

        Raises:
            AuthenticationError: the session is closed.
            UsageError: a class that cannot be protected, or the last response is outstanding.

        Source: Amendment D v1.2 6.2.4, 6.2.6; vectors ``scp03_sessions.json``.
        """
        self._check_turn(awaiting=False)
        if command.cla & _CLASS_BITS_TAKEN:
            raise UsageError(f"class {command.cla:02X} cannot be protected")
        self._counter += 1  # counts commands without data too
        self._awaiting = True
        if command.data and self.level & SecurityLevel.C_DECRYPTION:
            icv = self._encrypt_block(self._counter.to_bytes(BLOCK_LEN))
            command = replace(command, data=encrypt_cbc(self._keys.s_enc, pad(command.data), icv))
        wrapped, self._chaining = add_c_mac(
            command, mac=self._cmac, chaining=self._chaining, mac_len=self.mac_len
        )
        return wrapped

    def unwrap(self, response: ResponseAPDU) -> ResponseAPDU:
        """Return ``response`` checked and decrypted as the level says.

        Raises:
            AuthenticationError: wrong R-MAC, a success or warning without one, bad padding.
            UsageError: no command is outstanding.

        Source: Amendment D v1.2 6.2.5, 6.2.7.
        """
        self._check_turn(awaiting=True)
        self._awaiting = False
        if not self.level & SecurityLevel.R_MAC:
            return response
        if response.is_error:
            return ResponseAPDU(b"", response.sw)
        try:
            return self._opened(response)
        except MalformedDataError as error:
            self.close()
            raise AuthenticationError(f"protected response: {error}") from None
        except AuthenticationError:
            self.close()
            raise

    def _check_turn(self, *, awaiting: bool) -> None:
        if self._is_closed:
            raise AuthenticationError("the SCP03 session is closed")
        if self._awaiting is not awaiting:
            raise UsageError("wrap and unwrap take turns")

    def _opened(self, response: ResponseAPDU) -> ResponseAPDU:
        data, received = response.data[: -self.mac_len], response.data[-self.mac_len :]
        computed = self._rmac(self._chaining + data + response.sw.to_bytes(SW_LEN))
        if not bytes_eq(received, computed[: self.mac_len]):
            raise AuthenticationError("R-MAC of the card")
        if data and self.level & SecurityLevel.R_ENCRYPTION:
            icv = self._encrypt_block((_RESPONSE_ICV_MARK | self._counter).to_bytes(BLOCK_LEN))
            data = unpad(decrypt_cbc(self._keys.s_enc, data, icv))
        return ResponseAPDU(data, response.sw)


def add_c_mac(
    command: CommandAPDU, *, mac: Callable[[bytes], bytes], chaining: bytes, mac_len: int
) -> tuple[CommandAPDU, bytes]:
    """Return ``command`` with class bit 04 and its C-MAC, and the new chaining value.

    The MAC covers Lc as it goes over the line, MAC included: one octet, or 00 and two.

    Source: Amendment D v1.2 6.2.4.
    """
    wrapped = replace(
        command, cla=command.cla | GP_SECURE_MESSAGING, data=command.data + bytes(mac_len)
    )
    full = mac(chaining + wrapped.header + wrapped.encode_lc() + command.data)
    return replace(wrapped, data=command.data + full[:mac_len]), full
