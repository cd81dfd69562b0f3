"""What no terminal can save of a presentation, computed from what was read and done."""

from typing import Final

from bench.tap_taking import Tap
from cardservice.policycard.owner import walk_owner
from cardservice.policycard.tags import FieldTag
from cardservice.verify.reading import CardReading
from simulators.card import Operation
from simulators.models import Times
from simulators.models.clock import ms

REFERENCE: Final = (
    "bound: waking the card, its public-key operations, and the octets of the signed files and of "
    "the protocols on the line, with nothing around them"
)

_POINT: Final = 65
_NONCE, _TOKEN = 16, 8
_CHALLENGE, _SIGNATURE = 8, 64

CHIP_OCTETS: Final = _POINT
"""Chip authentication: the terminal's point. The chip's is in EF.ChipSecurity."""
PACE_OCTETS: Final = _NONCE + 4 * _POINT + 2 * _TOKEN
"""PACE: the nonce; a mapping key, an ephemeral key and a token of each side."""
TERMINAL_OCTETS: Final = _CHALLENGE + _SIGNATURE
"""Terminal authentication, besides the certificates."""

_PUBLIC_KEY: Final = frozenset(
    {
        Operation.KEY_PAIR,
        Operation.ECDH,
        Operation.MAPPING,
        Operation.VERIFY,
        Operation.SIGN,
    }
)


def bound_ms(taken: Tap, times: Times, *, protocol_octets: int) -> float:
    """Return milliseconds of what ``REFERENCE`` names.

    Args:
        protocol_octets: of the protocols that ran.
    """
    octets = file_octets(taken.reading) + protocol_octets
    chip_ns = sum(
        count * times.chip.cost_ns(operation)
        for operation, count in taken.operations.items()
        if operation in _PUBLIC_KEY
    )
    return ms(taken.waking_ns + round(octets * times.line.octet_ns) + chip_ns)


def file_octets(reading: CardReading) -> int:
    """Return how many octets the signed files and EF.SOD have, the photo left out."""
    files = reading.files
    owner = files.owner or b""
    whole = (
        reading.security_object,
        files.chip_security,
        files.card_id,
        files.iccid,
        files.insurer,
        owner[: _before_photo(owner)],
    )
    return sum(len(content or b"") for content in whole)


def _before_photo(owner: bytes) -> int:
    """Return where the photo's value starts: its header tells that nothing follows it."""
    entry = walk_owner(owner).found.get(FieldTag.PHOTO)
    if entry is None:
        return len(owner)
    _, _, value_start, _ = entry
    return value_start
