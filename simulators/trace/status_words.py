"""What status words mean, in a few words.

Source: ISO/IEC 7816-4:2013 tables 5 and 6; TR-03110-3 B.14; card.md §7.
"""

from collections.abc import Mapping
from typing import Final

_MEANINGS: Final[Mapping[int, str]] = {
    0x9000: "done",
    0x6200: "warning, nothing changed",
    0x6281: "part of the data may be corrupted",
    0x6282: "end of the file before Ne octets",
    0x6283: "deactivated: the card is blocked",
    0x6284: "control information not in the standard's form",
    0x6285: "in the state of termination",
    0x6300: "authentication failed",
    0x6381: "the file is full",
    0x6400: "execution error, nothing changed",
    0x6500: "execution error, memory changed",
    0x6581: "memory failure",
    0x6700: "wrong length",
    0x6881: "logical channel not supported",
    0x6882: "secure messaging not supported",
    0x6883: "last command of the chain expected",
    0x6884: "chaining not supported",
    0x6900: "command not allowed",
    0x6981: "command does not fit the kind of file",
    0x6982: "security status not satisfied",
    0x6983: "authentication method blocked",
    0x6984: "reference data not usable",
    0x6985: "conditions of use not satisfied",
    0x6986: "no current EF",
    0x6987: "secure messaging objects missing",
    0x6988: "secure messaging objects incorrect",
    0x6A80: "wrong data",
    0x6A81: "function not supported",
    0x6A82: "file or application not found",
    0x6A83: "record not found",
    0x6A84: "not enough memory",
    0x6A86: "wrong P1-P2",
    0x6A87: "Lc does not fit P1-P2",
    0x6A88: "referenced data not found",
    0x6B00: "offset outside the EF",
    0x6D00: "instruction not supported",
    0x6E00: "class not supported",
    0x6F00: "no precise diagnosis",
}
_HIGH: Final = 0xFF00
_BYTES_AVAILABLE: Final = 0x6100
_EXACT_LE: Final = 0x6C00
_TRIES: Final = 0x63C0
_TRIES_MASK: Final = 0xFFF0
UNKNOWN: Final = "unknown status word"


def meaning_of(sw: int) -> str:
    """Return what the status word says, ``UNKNOWN`` when the standards do not say."""
    low = sw & ~_HIGH
    if sw & _HIGH == _BYTES_AVAILABLE:
        return f"{low or 256} octets or more can be fetched"
    if sw & _HIGH == _EXACT_LE:
        return f"wrong Le, {low or 256} would be right"
    if sw & _TRIES_MASK == _TRIES:
        return f"wrong, tries left: {sw & 0x0F}"
    return _MEANINGS.get(sw, UNKNOWN)
