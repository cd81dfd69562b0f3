"""Secure messaging with AES, ciphers and MACs of libeac; both ends of it (TR-03110-3, F)."""

from typing import Final, NamedTuple

from tests.interop.libeac.library import Context, LibeacRefusedError, ask
from tests.interop.libeac.objects import encode, objects

PACE_KEYS: Final = 0
CHIP_AUTHENTICATION_KEYS: Final = 1
_SM: Final = 0x0C
_DATA, _LE, _STATUS, _MAC = 0x87, 0x97, 0x99, 0x8E
_PADDED: Final = b"\x01"


class Command(NamedTuple):
    """A command in parts; ``le`` as it is encoded, or nothing."""

    header: bytes
    data: bytes = b""
    le: bytes = b""

    @property
    def encoded(self) -> bytes:
        """The octets, with extended length when the data need it."""
        size = len(self.data)
        if size > 0xFF or len(self.le) > 1:
            lc = b"\x00" + size.to_bytes(2) if size else b"\x00"
            return self.header + lc + self.data + (self.le and self.le.rjust(2, b"\x00"))
        return self.header + (bytes((size,)) if size else b"") + self.data + self.le

    @classmethod
    def decode(cls, octets: bytes) -> "Command":
        """Return the parts of a command of any of the seven forms."""
        header, rest = octets[:4], octets[4:]
        if len(rest) in (0, 1):
            return cls(header, le=rest)
        if rest[0]:
            return cls(header, rest[1 : 1 + rest[0]], rest[1 + rest[0] :])
        size = int.from_bytes(rest[1:3])
        if len(rest) == 3:
            return cls(header, le=rest[1:])
        return cls(header, rest[3 : 3 + size], rest[3 + size :])


class Messaging:
    """One session under the keys a protocol of the context has agreed on."""

    def __init__(self, context: Context, keys: int) -> None:
        context.run("EAC_CTX_set_encryption_ctx", keys)
        context.run("EAC_reset_ssc")
        self._context = context

    def wrap(self, command: Command) -> bytes:
        """Return the command protected: the terminal's end."""
        header = bytes((command.header[0] | _SM,)) + command.header[1:]
        self._context.run("EAC_increment_ssc")
        body = self._hidden(command.data) + (encode(_LE, command.le) if command.le else b"")
        body += encode(_MAC, self._checksum(self._pad(header), body))
        outer = b"\x00\x00" if len(body) > 0xFF or len(command.le) > 1 else b"\x00"
        return Command(header, body, outer).encoded

    def unwrap(self, response: bytes) -> tuple[bytes, int]:
        """Return data and status word of a protected response."""
        self._context.run("EAC_increment_ssc")
        found = self._verified(b"", response[:-2])
        if found.get(_STATUS) != response[-2:]:
            raise LibeacRefusedError("the status word outside is not the one inside")
        return self._shown(found.get(_DATA)), int.from_bytes(response[-2:])

    def open(self, octets: bytes) -> Command:
        """Return the plain command: the card's end."""
        self._context.run("EAC_increment_ssc")
        command = Command.decode(octets)
        found = self._verified(self._pad(command.header), command.data)
        header = bytes((command.header[0] & ~_SM,)) + command.header[1:]
        return Command(header, self._shown(found.get(_DATA)), found.get(_LE, b""))

    def close(self, data: bytes, status: int) -> bytes:
        """Return the response protected."""
        self._context.run("EAC_increment_ssc")
        body = self._hidden(data) + encode(_STATUS, status.to_bytes(2))
        return body + encode(_MAC, self._checksum(b"", body)) + status.to_bytes(2)

    def _pad(self, octets: bytes) -> bytes:
        return self._context.ask("EAC_add_iso_pad", octets)

    def _hidden(self, data: bytes) -> bytes:
        if not data:
            return b""
        cipher = self._context.ask("EAC_encrypt", self._pad(data))
        return encode(_DATA, _PADDED + cipher)

    def _shown(self, value: bytes | None) -> bytes:
        if value is None:
            return b""
        return ask("EAC_remove_iso_pad", self._context.ask("EAC_decrypt", value[1:]))

    def _checksum(self, before: bytes, body: bytes) -> bytes:
        return self._context.ask("EAC_authenticate", before + (self._pad(body) if body else b""))

    def _verified(self, before: bytes, octets: bytes) -> dict[int, bytes]:
        found = {tag: value for tag, value, _ in objects(octets)}
        body = b"".join(whole for tag, _, whole in objects(octets) if tag != _MAC)
        if found.get(_MAC) != self._checksum(before, body):
            raise LibeacRefusedError("MAC of a protected message")
        return found
