"""References of trust points as a card tells them (TR-03110-3, C.1; card.md 2)."""

from typing import Final

from cardservice.apdu.tlv import scan
from cardservice.errors import MalformedDataError

EF_CVCA_LEN: Final = 36
"""Octets EF.CVCA has; two objects of at most 18 octets, the rest is zero."""

REFERENCE_LENS: Final = range(8, 17)
"""Octets of a reference: country 2, mnemonic 1 to 9, sequence number 5."""

_CAR: Final = 0x42
_MOST_REFERENCES: Final = 2  # the current trust point and the previous one
_PADDING: Final = b"\x00"


def parse_ef_cvca(content: bytes) -> tuple[bytes, ...]:
    """Return the references in EF.CVCA, 8 to 16 octets each, the current trust point first.

    Raises:
        MalformedDataError: more than 36 octets, not one or two objects 42, a reference of
            another length, or anything but zeros after them.

    Source: card.md 2, after EF.CVCA of TR-03110-1.
    """
    if len(content) > EF_CVCA_LEN:
        raise MalformedDataError(f"EF.CVCA has more than {EF_CVCA_LEN} octets")
    # Only zeros at the end are padding: no reference ends in one, its last octet is a digit.
    entries = scan(content.rstrip(_PADDING))
    if not 1 <= len(entries) <= _MOST_REFERENCES or any(entry[0] != _CAR for entry in entries):
        raise MalformedDataError("EF.CVCA is not one or two references")
    return tuple(check_reference(content[start:end]) for _, _, start, end in entries)


def check_reference(reference: bytes) -> bytes:
    """Return ``reference`` if it has 8 to 16 octets; its characters are compared, not judged.

    Raises:
        MalformedDataError: another length.
    """
    if len(reference) not in REFERENCE_LENS:
        raise MalformedDataError("the reference of a trust point has 8 to 16 octets")
    return reference
