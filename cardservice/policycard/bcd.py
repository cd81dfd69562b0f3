"""Dates as the field writes them: BCD ``DDMMYYYY``, 4 octets (card.md, section 2)."""

from datetime import date
from typing import Final

DATE_LEN: Final = 4  # octets
NO_DATE: Final = bytes(DATE_LEN)
UNLIMITED: Final = frozenset({NO_DATE, bytes.fromhex("01011900")})  # expiries that are none

_PAIRS: Final = tuple(high << 4 | low for high in range(10) for low in range(10))  # by value
# An octet that is no pair of digits counts so far below zero that no year made with it is one.
_NOT_DIGITS: Final = -1_000_000
_VALUES: Final = tuple(
    _PAIRS.index(octet) if octet in _PAIRS else _NOT_DIGITS for octet in range(256)
)


def encode_date(day: date) -> bytes:
    """Return ``day`` in 4 octets."""
    century, year = divmod(day.year, 100)
    return bytes((_PAIRS[day.day], _PAIRS[day.month], _PAIRS[century], _PAIRS[year]))


def decode_date(octets: bytes) -> date | None:
    """Return the date; None if the octets are not 4, not BCD, or no day of the calendar."""
    if len(octets) != DATE_LEN:
        return None
    day, month, century, year = octets
    try:
        return date(_VALUES[century] * 100 + _VALUES[year], _VALUES[month], _VALUES[day])
    except ValueError:
        return None
