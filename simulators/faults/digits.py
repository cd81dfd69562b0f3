"""Parameters that a plan's text gives in hexadecimal digits."""

import re
from dataclasses import dataclass
from typing import Final

from simulators.faults.parameters import UnfitError, Whole

HEADER_DIGITS: Final = 8
ANY_DIGIT: Final = "*"
_HEX: Final = re.compile(r"(?:[0-9A-F]{2})*")
_STATUS: Final = re.compile(r"[0-9A-F]{4}")
_HEADER: Final = re.compile(r"(?:[0-9A-F*]{2}){1,4}")
_STATUS_WORDS: Final = Whole(0, 0xFFFF)
_LONGEST_TEXT: Final = 262_144


@dataclass(frozen=True, slots=True)
class Octets:
    """Octets, in a plan's text as hexadecimal digits; spaces between them do not count."""

    fewest: int
    most: int

    @property
    def takes(self) -> str:
        return f"{self.fewest} to {self.most} octets in hexadecimal digits"

    def fits(self, value: object) -> bool:
        return isinstance(value, bytes) and self.fewest <= len(value) <= self.most

    def read(self, written: object) -> object:
        return bytes.fromhex(_digits(written, _HEX))

    def write(self, value: object) -> object:
        return value.hex().upper() if isinstance(value, bytes) else ""


@dataclass(frozen=True, slots=True)
class StatusWord:
    """A status word, in a plan's text as four hexadecimal digits."""

    @property
    def takes(self) -> str:
        return "a status word of four hexadecimal digits, such as 6A82"

    def fits(self, value: object) -> bool:
        return _STATUS_WORDS.fits(value)

    def read(self, written: object) -> object:
        return int(_digits(written, _STATUS), 16)

    def write(self, value: object) -> object:
        return f"{value:04X}"


@dataclass(frozen=True, slots=True)
class Header:
    """CLA INS P1 P2 in hexadecimal digits, ``*`` for any digit; what is left out is any.

    The Python value is the eight characters without spaces.
    """

    @property
    def takes(self) -> str:
        return "CLA INS P1 P2 in hexadecimal digits, * for any digit, such as '00 A4 04 **'"

    def fits(self, value: object) -> bool:
        is_whole = isinstance(value, str) and len(value) == HEADER_DIGITS
        return is_whole and _HEADER.fullmatch(str(value)) is not None

    def read(self, written: object) -> object:
        return _digits(written, _HEADER).ljust(HEADER_DIGITS, ANY_DIGIT)

    def write(self, value: object) -> object:
        return value


def _digits(written: object, form: re.Pattern[str]) -> str:
    if not isinstance(written, str) or len(written) > _LONGEST_TEXT:
        raise UnfitError
    digits = written.replace(" ", "").upper()
    if not form.fullmatch(digits):
        raise UnfitError
    return digits
