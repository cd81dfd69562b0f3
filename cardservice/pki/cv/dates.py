"""Days in certificates: six octets, one decimal digit each (TR-03110-3, D.2.1.3)."""

from datetime import date
from typing import Final

from cardservice.errors import MalformedDataError, UsageError

_LEN: Final = 6  # YYMMDD
_CENTURY: Final = 2000
_YEARS: Final = range(_CENTURY, _CENTURY + 100)
_DIGITS: Final = range(10)


def encode_date(day: date) -> bytes:
    """Return YYMMDD, 6 octets of 00 to 09; raises UsageError outside of 2000 to 2099."""
    if day.year not in _YEARS:
        raise UsageError("certificates have two digits for the year: 2000 to 2099")
    digits = f"{day.year % 100:02}{day.month:02}{day.day:02}"
    return bytes(int(digit) for digit in digits)


def parse_date(octets: bytes) -> date:
    """Return the day that 6 octets name.

    Raises:
        MalformedDataError: another length, an octet that is no digit, no day of the calendar.

    Source: TR-03110-3 D.2.1.3; vectors ``cv_certificates.json``.
    """
    if len(octets) != _LEN or any(octet not in _DIGITS for octet in octets):
        raise MalformedDataError("a date has 6 octets of 00 to 09")
    year, month, day = (10 * octets[at] + octets[at + 1] for at in range(0, _LEN, 2))
    try:
        return date(_CENTURY + year, month, day)
    except ValueError:
        raise MalformedDataError("no such day") from None
