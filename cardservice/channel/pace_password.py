"""The secrets that open PACE, and the key they make (ICAO Doc 9303-11, 4.4.4.1, 9.7.3)."""

from dataclasses import dataclass, field
from enum import IntEnum, unique
from hashlib import sha1
from typing import Final

from cardservice.channel.key_derivation import KeyUse, derive_key
from cardservice.errors import UsageError

CAN_LEN: Final = 6
"""Digits of a card access number."""
_CODING: Final = "iso-8859-1"


@unique
class PasswordReference(IntEnum):
    """DO 83 of MSE:Set AT: which of its secrets the card is to use."""

    MRZ = 0x01
    CAN = 0x02
    PIN = 0x03
    PUK = 0x04


@dataclass(frozen=True, slots=True)
class PacePassword:
    """A password with its reference; never printed.

    Attributes:
        reference: which secret of the card it is.
        secret: the octets K that the password key is derived from, at least one.
    """

    reference: PasswordReference
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not self.secret:
            raise UsageError("a PACE password is not empty")

    @classmethod
    def can(cls, digits: str) -> "PacePassword":
        """Return the card access number printed on the card; ``UsageError`` unless 6 digits."""
        if len(digits) != CAN_LEN:
            raise UsageError(f"a card access number has {CAN_LEN} digits")
        return cls(PasswordReference.CAN, _digits(digits))

    @classmethod
    def pin(cls, digits: str) -> "PacePassword":
        """Return the holder's PIN; ``UsageError`` unless all are digits."""
        return cls(PasswordReference.PIN, _digits(digits))

    @classmethod
    def puk(cls, digits: str) -> "PacePassword":
        """Return the PUK; ``UsageError`` unless all are digits."""
        return cls(PasswordReference.PUK, _digits(digits))

    @classmethod
    def mrz(cls, information: str) -> "PacePassword":
        """Return the password of a machine-readable zone.

        Args:
            information: document number, birth date and expiry date, each with its check digit,
                one after the other.

        Raises:
            UsageError: a character that no zone has.
        """
        octets = _encoded(information)
        return cls(PasswordReference.MRZ, sha1(octets, usedforsecurity=False).digest())

    def key(self, key_bits: int) -> bytes:
        """Return K_pi, the AES key of 128, 192 or 256 bits that hides the card's nonce."""
        return derive_key(self.secret, KeyUse.PASSWORD, key_bits)


def _digits(text: str) -> bytes:
    if not (text.isascii() and text.isdigit()):
        raise UsageError("this PACE password consists of digits")
    return _encoded(text)


def _encoded(text: str) -> bytes:
    try:
        return text.encode(_CODING)
    except UnicodeEncodeError:
        # The message must not name the character: it is part of a secret.
        raise UsageError("a PACE password has characters of ISO 8859-1 only") from None
