"""Command APDUs as the card takes them from the line.

Source: ISO/IEC 7816-3:2006 12.1.3 (cases 1 to 4, short and extended); vectors ``apdu.json``.
"""

from enum import IntEnum
from typing import NamedTuple

SHORT_NE_MAX = 256
EXTENDED_NE_MAX = 65_536
EXTENDED_RESPONSE_ROOM = 2_000
COMMAND_OCTETS_MAX = 2_048
"""What EF.ATR/INFO promises: the longest command APDU the card's buffer takes."""

_HEADER = 4
_EXTENDED_HEADER = 7
_EXTENDED_LE = 2


class INS(IntEnum):
    """Instructions of the card, in the standards' names."""

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
    GET_DATA = 0xCA
    PUT_KEY = 0xD8
    STORE_DATA = 0xE2
    SET_STATUS = 0xF0


class CLA(IntEnum):
    """Classes of the card."""

    INTERINDUSTRY = 0x00
    GLOBALPLATFORM_SM_OF_INTERINDUSTRY = 0x04
    ISO_SM = 0x0C
    CHAINED = 0x10
    CHAINED_ISO_SM = 0x1C
    PROPRIETARY = 0x80
    GLOBALPLATFORM_SM = 0x84
    PROPRIETARY_ISO_SM = 0x8C


class Command(NamedTuple):
    """One C-APDU. A named tuple, since one is made for every command and it is made quickly.

    ``le_octets`` is the length of the value of Le: 0 (absent), 1 or 2. ``lc_field`` is Lc as it
    was received, 1 or 3 octets, which is what a GlobalPlatform C-MAC covers. ``room`` is the
    number of data octets that the answer may carry.
    """

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    ne: int = 0
    le_octets: int = 0
    lc_field: bytes = b""
    room: int = SHORT_NE_MAX

    @property
    def p1p2(self) -> int:
        return self.p1 << 8 | self.p2

    @property
    def header(self) -> bytes:
        return bytes((self.cla, self.ins, self.p1, self.p2))

    @property
    def wants_all(self) -> bool:
        """Le is 00 or 0000: as much as there is."""
        return self.ne == (SHORT_NE_MAX if self.le_octets == 1 else EXTENDED_NE_MAX)

    def has_room_for(self, octets: int) -> bool:
        """Return whether an answer of so many octets fits Le; an absent Le counts as 00."""
        return octets <= self.room and (not self.le_octets or octets <= self.ne)


def parse_command(octets: bytes) -> Command | None:
    """Return the command, or None when the octets are no C-APDU or too long for the card."""
    length = len(octets)
    if length < _HEADER or length > COMMAND_OCTETS_MAX:
        return None
    cla, ins, p1, p2 = octets[:_HEADER]
    if length == _HEADER:
        return Command(cla, ins, p1, p2)
    if length == _HEADER + 1:
        return Command(cla, ins, p1, p2, b"", octets[_HEADER] or SHORT_NE_MAX, 1)
    return _parse_short(octets) if octets[_HEADER] else _parse_extended(octets)


def _parse_short(octets: bytes) -> Command | None:
    cla, ins, p1, p2, nc = octets[: _HEADER + 1]
    rest = len(octets) - _HEADER - 1 - nc
    if rest == 0:
        return Command(cla, ins, p1, p2, octets[5:], 0, 0, octets[4:5])
    if rest == 1:
        ne = octets[-1] or SHORT_NE_MAX
        return Command(cla, ins, p1, p2, octets[5:-1], ne, 1, octets[4:5])
    return None


def _parse_extended(octets: bytes) -> Command | None:
    value = int.from_bytes(octets[_HEADER + 1 : _EXTENDED_HEADER], "big")
    rest = len(octets) - _EXTENDED_HEADER
    if rest < 0 or (rest and not value):
        return None
    if rest == 0:
        return _extended(octets, 0, value or EXTENDED_NE_MAX)
    if rest == value:
        return _extended(octets, value, 0)
    if rest == value + _EXTENDED_LE:
        ne = int.from_bytes(octets[-_EXTENDED_LE:], "big")
        return _extended(octets, value, ne or EXTENDED_NE_MAX)
    return None


def _extended(octets: bytes, nc: int, ne: int) -> Command:
    cla, ins, p1, p2 = octets[:_HEADER]
    return Command(
        cla,
        ins,
        p1,
        p2,
        data=octets[_EXTENDED_HEADER : _EXTENDED_HEADER + nc],
        ne=ne,
        le_octets=_EXTENDED_LE if ne else 0,
        lc_field=octets[_HEADER:_EXTENDED_HEADER] if nc else b"",
        room=EXTENDED_RESPONSE_ROOM,
    )
