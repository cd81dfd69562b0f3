"""Command APDUs as values: ISO/IEC 7816-4, cases 1 to 4, short and extended."""

from dataclasses import dataclass, field
from enum import IntEnum, unique
from typing import Final

from cardservice.errors import MalformedDataError, UsageError

MAX_SHORT_NC: Final = 0xFF
MAX_SHORT_NE: Final = 0x100
MAX_NC: Final = 0xFFFF
MAX_NE: Final = 0x1_0000
HEADER_LEN: Final = 4

INVALID_CLA: Final = 0xFF  # reserved for the protocol and parameter selection of 7816-3
# 7816-3 10.3.3: as INS these would read as the procedure octets of T=0.
_PROCEDURE_NIBBLES: Final = (0x6, 0x9)


@unique
class Ins(IntEnum):
    """Instruction bytes used by this service (ISO/IEC 7816-4, -8; GlobalPlatform)."""

    VERIFY = 0x20
    MANAGE_SECURITY_ENVIRONMENT = 0x22
    CHANGE_REFERENCE_DATA = 0x24
    PERFORM_SECURITY_OPERATION = 0x2A
    RESET_RETRY_COUNTER = 0x2C
    GENERATE_ASYMMETRIC_KEY_PAIR = 0x47
    INITIALIZE_UPDATE = 0x50
    EXTERNAL_AUTHENTICATE = 0x82
    GET_CHALLENGE = 0x84
    GENERAL_AUTHENTICATE = 0x86
    SELECT = 0xA4
    READ_BINARY = 0xB0
    GET_RESPONSE = 0xC0
    GET_DATA = 0xCA
    PUT_KEY = 0xD8
    STORE_DATA = 0xE2
    SET_STATUS = 0xF0


_KNOWN: Final = {known.value: known for known in Ins}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandAPDU:
    """One command, not yet tied to a channel or a transmission protocol.

    Attributes:
        cla, ins, p1, p2: header octets, each 0..255; an instruction without a name stays an int.
        data: command data field, Nc octets, 0..65535. Not in the repr: it may hold a PIN.
        ne: most response octets wanted, 0..65536; 0 means "no Le field",
            so that "none" and "as many as there are" stay two things.

    Raises:
        UsageError: an octet or a length out of range, CLA FF, INS 6x or 9x.
    """

    cla: int
    ins: int
    p1: int = 0
    p2: int = 0
    data: bytes = field(default=b"", repr=False)
    ne: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.cla < INVALID_CLA and 0 <= self.ins <= 0xFF):
            raise UsageError("class or instruction octet out of range")
        if not (0 <= self.p1 <= 0xFF and 0 <= self.p2 <= 0xFF):
            raise UsageError("parameter octet out of range")
        if self.ins >> 4 in _PROCEDURE_NIBBLES:
            raise UsageError(f"INS {self.ins:02X} is invalid")
        if len(self.data) > MAX_NC or not 0 <= self.ne <= MAX_NE:
            raise UsageError(f"Nc={len(self.data)} or Ne={self.ne} out of range")

    @property
    def is_extended(self) -> bool:
        """True when a length does not fit the short fields."""
        return len(self.data) > MAX_SHORT_NC or self.ne > MAX_SHORT_NE

    @property
    def header(self) -> bytes:
        """CLA INS P1 P2, 4 octets."""
        return bytes((self.cla, self.ins, self.p1, self.p2))

    def encode_lc(self) -> bytes:
        """Return the Lc field as ``encode`` writes it: 0, 1 or 3 octets."""
        if not self.data:
            return b""
        return len(self.data).to_bytes(3 if self.is_extended else 1)

    def encode(self) -> bytes:
        """Return the shortest encoding: short fields if both lengths fit, else extended."""
        extended = self.is_extended
        width = 2 if extended else 1
        le = (self.ne % (1 << 8 * width)).to_bytes(width) if self.ne else b""
        # The octet 00 that announces extended fields is the first of Lc; without data, of Le.
        marker = b"\x00" if extended and not self.data else b""
        return self.header + self.encode_lc() + self.data + marker + le

    @classmethod
    def parse(cls, raw: bytes) -> "CommandAPDU":
        """Return the command that ``raw`` encodes, short or extended.

        Raises:
            MalformedDataError: none of the seven forms fits, CLA FF, INS 6x or 9x.

        Source: ISO/IEC 7816-3:2006 12.1.3; vectors ``apdu.json``.
        """
        if len(raw) < HEADER_LEN:
            raise MalformedDataError(f"command of {len(raw)} octets has no header")
        cla, ins, p1, p2 = raw[:HEADER_LEN]
        if cla == INVALID_CLA or ins >> 4 in _PROCEDURE_NIBBLES:
            raise MalformedDataError(f"CLA {cla:02X} INS {ins:02X} is invalid")
        data, ne = _parse_body(raw[HEADER_LEN:])
        return cls(cla=cla, ins=_KNOWN.get(ins, ins), p1=p1, p2=p2, data=data, ne=ne)


def _parse_body(body: bytes) -> tuple[bytes, int]:
    if len(body) <= 1:
        return b"", (body[0] or MAX_SHORT_NE) if body else 0
    if body[0]:
        return _parse_fields(body[1:], nc=body[0], width=1)
    if len(body) == 3:
        return b"", int.from_bytes(body[1:]) or MAX_NE
    nc = int.from_bytes(body[1:3])
    if nc == 0:
        raise MalformedDataError("extended Lc of zero")
    return _parse_fields(body[3:], nc=nc, width=2)


def _parse_fields(rest: bytes, *, nc: int, width: int) -> tuple[bytes, int]:
    data, le = rest[:nc], rest[nc:]
    if len(data) < nc or len(le) not in (0, width):
        raise MalformedDataError(f"Lc says {nc}, {len(rest)} octets follow")
    return data, (int.from_bytes(le) or 1 << 8 * width) if le else 0
