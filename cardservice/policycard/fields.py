"""Fields of the card's files: each knows its tag, its coding and its bounds.

Encoding is strict, with minimal lengths; reading is as liberal as card.md, section 2, says, and
what was passed over is noted in plain words. Messages name the field, never its content.

Every ``read`` and ``require`` takes the file's octets, the objects of the level at which the
field stands, and the list that takes notes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from unicodedata import is_normalized, normalize

from cardservice.apdu.tlv import encode_object
from cardservice.domain.texts import is_showable, showable
from cardservice.errors import MalformedDataError, UsageError
from cardservice.policycard.bcd import DATE_LEN, NO_DATE, decode_date, encode_date
from cardservice.policycard.reading import Found
from cardservice.policycard.tags import FieldTag, words_of

_TABLED: Final = 1_024  # lengths worked out beforehand: more than the longest text has octets
_DATE_LENGTH: Final = bytes((DATE_LEN,))


def _length_octets(size: int) -> bytes:
    return encode_object(0, bytes(size))[1 : -size or None]


_LENGTHS: Final = tuple(map(_length_octets, range(_TABLED)))


@dataclass(frozen=True, slots=True)
class Field:
    """What all fields have: a tag, and the tag's octets and name worked out beforehand."""

    tag: FieldTag
    key: int = field(init=False)
    header: bytes = field(init=False, repr=False)
    words: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", int(self.tag))
        object.__setattr__(self, "header", encode_object(self.tag, b"")[:-1])
        object.__setattr__(self, "words", words_of(self.tag))

    def wrap(self, value: bytes) -> bytes:
        """Return the object with any value: tag, minimal length, value."""
        size = len(value)
        return self.header + (_LENGTHS[size] if size < _TABLED else _length_octets(size)) + value

    def missing(self) -> MalformedDataError:
        """Return the error that the field is required and not there."""
        return MalformedDataError(f"{self.words} is missing")

    def malformed(self, why: str) -> MalformedDataError:
        """Return the error that the field is not what it should be."""
        return MalformedDataError(f"{self.words} {why}")


@dataclass(frozen=True, slots=True)
class TextField(Field):
    """A text in UTF-8, form C, of at most ``limit`` characters."""

    limit: int

    def encode(self, text: str) -> bytes:
        """Return the object; Raises: UsageError (empty, too long, hidden characters, not NFC)."""
        if (
            not 0 < len(text) <= self.limit
            or not (text.isprintable() or is_showable(text))
            or not is_normalized("NFC", text)
        ):
            raise UsageError(f"{self.words} cannot be written as it is")
        return self.wrap(text.encode())

    def read(self, octets: bytes, found: Found, notes: list[str]) -> str | None:
        """Return the text, None if absent or empty; longer ones than ours are read too.

        Raises:
            MalformedDataError: not UTF-8.
        """
        entry = found.get(self.key)
        if entry is None:
            return None
        try:
            text = octets[entry[2] : entry[3]].decode()
        except UnicodeDecodeError:
            raise self.malformed("is not UTF-8") from None
        if not text.isprintable() and not is_showable(text):
            text = showable(text.strip("\x00"))
            notes.append(f"{self.words} holds characters that cannot be shown")
        if not is_normalized("NFC", text):
            text = normalize("NFC", text)
        return text or None

    def require(self, octets: bytes, found: Found, notes: list[str]) -> str:
        """Return the text; Raises: MalformedDataError, also when absent or empty."""
        text = self.read(octets, found, notes)
        if text is None:
            raise self.missing()
        return text


@dataclass(frozen=True, slots=True)
class DigitsField(Field):
    """A number of exactly ``count`` ASCII digits."""

    count: int

    def encode(self, digits: str) -> bytes:
        """Return the object; Raises: UsageError."""
        if len(digits) != self.count or not (digits.isascii() and digits.isdigit()):
            raise UsageError(f"{self.words} is not {self.count} digits")
        return self.wrap(digits.encode())

    def require(self, octets: bytes, found: Found) -> str:
        """Return the digits; Raises: MalformedDataError, also when absent."""
        entry = found.get(self.key)
        if entry is None:
            raise self.missing()
        value = octets[entry[2] : entry[3]]
        if len(value) != self.count or not value.isdigit():
            raise self.malformed(f"is not {self.count} digits")
        return value.decode()


@dataclass(frozen=True, slots=True)
class DateField(Field):
    """A date, BCD ``DDMMYYYY``, 4 octets."""

    def encode(self, day: date) -> bytes:
        """Return the object."""
        return self.header + _DATE_LENGTH + encode_date(day)

    def read(self, octets: bytes, found: Found, notes: list[str]) -> date | None:
        """Return the date; None, with a note, for four octets 00; None if absent.

        Raises:
            MalformedDataError: no possible date.
        """
        entry = found.get(self.key)
        if entry is None:
            return None
        value = octets[entry[2] : entry[3]]
        day = decode_date(value)
        if day is None:
            if value != NO_DATE:
                raise self.malformed("is not a possible date")
            notes.append(f"{self.words} is written as zeros and taken as not given")
        return day

    def require(self, octets: bytes, found: Found) -> date:
        """Return the date; Raises: MalformedDataError, also when absent or four octets 00."""
        day = self.read(octets, found, [])
        if day is None:
            raise self.missing()
        return day


@dataclass(frozen=True, slots=True)
class OctetsField(Field):
    """Octets as they are: ``count`` of them, or any number when ``count`` is None."""

    count: int | None = None

    def encode(self, value: bytes) -> bytes:
        """Return the object; Raises: UsageError."""
        if self.count is not None and len(value) != self.count:
            raise UsageError(f"{self.words} is not {self.count} octets")
        return self.wrap(value)

    def read(self, octets: bytes, found: Found) -> bytes | None:
        """Return the octets, None if absent; Raises: MalformedDataError."""
        entry = found.get(self.key)
        if entry is None:
            return None
        value = octets[entry[2] : entry[3]]
        if self.count is not None and len(value) != self.count:
            raise self.malformed(f"is not {self.count} octets")
        return value

    def require(self, octets: bytes, found: Found) -> bytes:
        """Return the octets; Raises: MalformedDataError, also when absent."""
        value = self.read(octets, found)
        if value is None:
            raise self.missing()
        return value


@dataclass(frozen=True, slots=True)
class FileField(Field):
    """The one object of which a file consists, of at most ``limit`` octets with its header."""

    limit: int

    def encode(self, parts: Iterable[bytes]) -> bytes:
        """Return the file that holds ``parts``; Raises: UsageError (larger than allowed)."""
        octets = self.wrap(b"".join(parts))
        if len(octets) > self.limit:
            sentence = f"{self.words} file has {len(octets)} octets; at most {self.limit} fit"
            raise UsageError(sentence)
        return octets
