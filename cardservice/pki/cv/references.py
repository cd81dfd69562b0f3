"""Certificate holder references: who, and which of their keys (TR-03110-3, A.6.1)."""

import re
from dataclasses import dataclass, replace
from typing import Final

from typing_extensions import override

from cardservice.errors import MalformedDataError, UsageError

_CODING: Final = "iso-8859-1"
_SEQUENCE_LEN: Final = 5
_FORM: Final = re.compile(
    r"(?P<country>[A-Z]{2})(?P<mnemonic>[\x20-\x7E\xA1-\xFF]{1,9})(?P<sequence>[0-9A-Za-z]{5})"
)


@dataclass(frozen=True, slots=True)
class HolderReference:
    """A CHR or CAR; raises UsageError when a part has another form.

    Attributes:
        country: ISO 3166-1 alpha-2, upper case.
        mnemonic: the holder's name, 1 to 9 characters of ISO 8859-1.
        sequence: which key of the holder: 5 digits, or letters among them by agreement.
    """

    country: str
    mnemonic: str
    sequence: str

    def __post_init__(self) -> None:
        match = _FORM.fullmatch(str(self))
        if match is None or match.groups() != (self.country, self.mnemonic, self.sequence):
            raise UsageError("a holder reference is country (2), mnemonic (1-9) and sequence (5)")

    @override
    def __str__(self) -> str:
        """Return the reference as it is written in a certificate."""
        return self.country + self.mnemonic + self.sequence

    def encode(self) -> bytes:
        """Return 8 to 16 octets, ISO 8859-1."""
        return str(self).encode(_CODING)

    @classmethod
    def parse(cls, octets: bytes) -> "HolderReference":
        """Return the reference that ``octets`` encode.

        Raises:
            MalformedDataError: another length or other characters.

        Source: TR-03110-3 A.6.1; vectors ``cv_certificates.json``.
        """
        match = _FORM.fullmatch(octets.decode(_CODING))
        if match is None:
            raise MalformedDataError("not the reference of a certificate holder")
        return cls(*match.groups())

    def is_same_holder(self, other: "HolderReference") -> bool:
        """True when only the sequence number differs, or nothing does."""
        return (self.country, self.mnemonic) == (other.country, other.mnemonic)

    def next(self) -> "HolderReference":
        """Return the reference of the holder's next key.

        Raises:
            UsageError: the sequence number has letters, or is the last one.
        """
        if not self.sequence.isdigit():
            raise UsageError("a sequence number with letters has no next one; choose it by hand")
        return replace(self, sequence=f"{int(self.sequence) + 1:0{_SEQUENCE_LEN}}")
