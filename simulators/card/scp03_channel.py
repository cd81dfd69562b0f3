"""SCP03 secure messaging at the card.

Source: GPC Amendment D 6.2.4 to 6.2.7; vectors ``scp03_sessions.json``.
"""

from simulators.card.aes import (
    BLOCK,
    WrongPaddingError,
    cmac,
    decrypt_cbc,
    encrypt_block,
    encrypt_cbc,
    pad,
    same_octets,
    unpad,
)
from simulators.card.apdu import Command
from simulators.card.scp03_kdf import Constant, derive
from simulators.card.status import SW_OCTETS

C_MAC = 0x01
C_DECRYPTION = 0x02
R_MAC = 0x10
R_ENCRYPTION = 0x20

_RESPONSE_MARK = b"\x80"
_CLEAN_SW1 = (0x90, 0x62, 0x63)
"""Only these answers carry data and an R-MAC: success and warnings."""


class WrongMacError(Exception):
    """The C-MAC or the padding is not what the host's keys make."""


class Scp03Channel:
    """Session keys, MAC chaining value and encryption counter of one SCP03 session.

    It is made at INITIALIZE UPDATE, since EXTERNAL AUTHENTICATE carries a MAC already; it becomes
    the session's channel only when the host's cryptogram was right and ``level`` was set.
    ``context`` is host challenge ‖ card challenge. ``key_dek`` is the static one of the key set
    that opened the session; its ``kvn`` decides what the session may do.
    """

    def __init__(  # noqa: PLR0913 - the derivation needs every one of them
        self,
        *,
        kvn: int,
        key_enc: bytes,
        key_mac: bytes,
        key_dek: bytes,
        context: bytes,
        mac_octets: int,
    ) -> None:
        self.kvn = kvn
        self.key_dek = key_dek
        self.level = 0
        size = len(key_enc)
        self._s_enc = derive(key_enc, Constant.S_ENC, size, context)
        self._s_mac = derive(key_mac, Constant.S_MAC, size, context)
        self._s_rmac = derive(key_mac, Constant.S_RMAC, size, context)
        self._context = context
        self._mac_octets = mac_octets
        self._chaining_value = bytes(BLOCK)
        self._counter = 0

    def cryptogram(self, constant: Constant) -> bytes:
        """Return the card's or the host's authentication cryptogram, 8 or 16 octets."""
        return derive(self._s_mac, constant, self._mac_octets, self._context)

    def verify_mac(self, command: Command) -> Command:
        """Return the command without its C-MAC, once that was right; the chain goes on from it.

        Raises:
            WrongMacError: there is no MAC, or it is another one.
        """
        body, received = command.data[: -self._mac_octets], command.data[-self._mac_octets :]
        mac = cmac(self._s_mac, self._chaining_value + command.header + command.lc_field + body)
        if not same_octets(mac[: self._mac_octets], received):
            raise WrongMacError
        self._chaining_value = mac
        return command._replace(data=body)

    def unwrap(self, command: Command) -> Command:
        """Return the plain command of a protected one.

        Raises:
            WrongMacError: wrong MAC, or the data are not whole padded blocks.
        """
        plain = self.verify_mac(command)
        self._counter += 1
        if not self.level & C_DECRYPTION or not plain.data:
            return plain
        if len(plain.data) % BLOCK:
            raise WrongMacError
        try:
            return plain._replace(data=unpad(decrypt_cbc(self._s_enc, self._iv(b""), plain.data)))
        except WrongPaddingError:
            raise WrongMacError from None

    def wrap(self, response: bytes) -> bytes:
        """Return the response with what the level adds; errors stay bare."""
        data, sw = response[:-SW_OCTETS], response[-SW_OCTETS:]
        if sw[0] not in _CLEAN_SW1:
            return response
        if data and self.level & R_ENCRYPTION:
            data = encrypt_cbc(self._s_enc, self._iv(_RESPONSE_MARK), pad(data))
        if self.level & R_MAC:
            mac = cmac(self._s_rmac, self._chaining_value + data + sw)
            data += mac[: self._mac_octets]
        return data + sw

    def _iv(self, mark: bytes) -> bytes:
        counter = self._counter.to_bytes(BLOCK - len(mark), "big")
        return encrypt_block(self._s_enc, mark + counter)
