"""Words of CV certificates: data objects, object identifiers, roles and rights."""

from enum import Enum, IntEnum, IntFlag, unique
from typing import Final

BSI_DE: Final = bytes.fromhex("04007F0007")  # 0.4.0.127.0.7
_TA: Final = BSI_DE + bytes.fromhex("020202")  # id-TA, bsi-de.2.2.2
_ROLES: Final = BSI_DE + bytes.fromhex("030102")  # id-roles, bsi-de.3.1.2


@unique
class CvTag(IntEnum):
    """Data objects of certificates and requests (TR-03110-3, D.2)."""

    OBJECT_IDENTIFIER = 0x06
    CAR = 0x42
    DISCRETIONARY_DATA = 0x53
    CHR = 0x5F20
    EXPIRATION = 0x5F24
    EFFECTIVE = 0x5F25
    PROFILE = 0x5F29
    SIGNATURE = 0x5F37
    EXTENSIONS = 0x65
    AUTHENTICATION = 0x67
    EXTENSION = 0x73
    CERTIFICATE = 0x7F21
    PUBLIC_KEY = 0x7F49
    CHAT = 0x7F4C
    BODY = 0x7F4E


@unique
class KeyTag(IntEnum):
    """Parts of an elliptic-curve public key (TR-03110-3, D.3.3)."""

    PRIME = 0x81
    A = 0x82
    B = 0x83
    GENERATOR = 0x84
    ORDER = 0x85
    POINT = 0x86
    COFACTOR = 0x87


@unique
class SignatureOid(bytes, Enum):
    """id-TA-ECDSA-…, contents octets: with what the holder of a key signs.

    Signatures with SHA-1 prove nothing any more, and RSA is used by no scheme with ours.
    """

    ECDSA_SHA_224 = _TA + b"\x02\x02"
    ECDSA_SHA_256 = _TA + b"\x02\x03"
    ECDSA_SHA_384 = _TA + b"\x02\x04"
    ECDSA_SHA_512 = _TA + b"\x02\x05"


@unique
class TerminalType(bytes, Enum):
    """id-IS, id-AT, id-ST, contents octets: what the bits of a CHAT mean."""

    INSPECTION_SYSTEM = _ROLES + b"\x01"
    AUTHENTICATION_TERMINAL = _ROLES + b"\x02"
    SIGNATURE_TERMINAL = _ROLES + b"\x03"


@unique
class Role(IntEnum):
    """The two top bits of a CHAT, whatever the type of terminal (TR-03110-3, C.4)."""

    TERMINAL = 0b00
    FOREIGN_DV = 0b01
    DOMESTIC_DV = 0b10
    CVCA = 0b11

    @property
    def is_document_verifier(self) -> bool:
        """True for both kinds of document verifier."""
        return self in (Role.FOREIGN_DV, Role.DOMESTIC_DV)


class TerminalRights(IntFlag):
    """Low bits of the CHAT of an inspection system, as the policy card reads them (card.md 5)."""

    READ_POLICY = 0b001
    """Read the owner and the current insurer."""
    READ_HISTORY = 0b010
    """Read the insurers before."""
    WRITE_INSURER = 0b100
    """Write a new insurer, with the holder's PIN."""


ALL_RIGHTS: Final = (
    TerminalRights.READ_POLICY | TerminalRights.READ_HISTORY | TerminalRights.WRITE_INSURER
)
NO_RIGHTS: Final = TerminalRights(0)
