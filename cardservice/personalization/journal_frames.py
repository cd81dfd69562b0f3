"""Frames of the journal's file: where an entry begins and ends, and whether it is whole.

``length ‖ length inverted ‖ sequence ‖ payload ‖ check``: 2, 2, 8, length and 8 octets, big-endian;
the check is the beginning of SHA-256 over all that precedes it in the frame. The inverted length
tells a frame that was cut short from one whose length was damaged.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cardservice.errors import MalformedDataError, UsageError

MAX_PAYLOAD: Final = 1024  # octets; an entry of ours has fewer than 400
_LENGTH_LEN: Final = 2
_LENGTH_MASK: Final = 0xFFFF
_LENGTHS_LEN: Final = 2 * _LENGTH_LEN
_SEQUENCE_LEN: Final = 8
_HEAD_LEN: Final = _LENGTHS_LEN + _SEQUENCE_LEN
_CHECK_LEN: Final = 8
MAX_FRAME: Final = _HEAD_LEN + MAX_PAYLOAD + _CHECK_LEN

_MAGIC: Final = b"CARDJRN1"
PREFACE_LEN: Final = len(_MAGIC) + _SEQUENCE_LEN + _CHECK_LEN


@dataclass(frozen=True, slots=True)
class Frame:
    """One whole frame; ``size`` is what it takes in the file, octets."""

    sequence: int
    payload: bytes
    size: int


def encode_preface(compacted_through: int) -> bytes:
    """Return the first 24 octets of a file.

    Args:
        compacted_through: up to this sequence number entries may be missing; 0: none may.
    """
    return _checked(_MAGIC + compacted_through.to_bytes(_SEQUENCE_LEN))


def decode_preface(octets: bytes) -> int:
    """Return up to which sequence number entries may be missing.

    Raises:
        MalformedDataError: this is no journal of ours.
    """
    number = octets[len(_MAGIC) : len(_MAGIC) + _SEQUENCE_LEN]
    if octets != _checked(_MAGIC + number) or len(octets) != PREFACE_LEN:
        raise MalformedDataError("this is no journal of a station")
    return int.from_bytes(number)


def encode_frame(sequence: int, payload: bytes) -> bytes:
    """Return the frame of one entry; Raises: UsageError for a payload too long."""
    if not 0 < len(payload) <= MAX_PAYLOAD:
        raise UsageError(f"an entry has 1 to {MAX_PAYLOAD} octets")
    length = len(payload).to_bytes(_LENGTH_LEN)
    inverted = (len(payload) ^ _LENGTH_MASK).to_bytes(_LENGTH_LEN)
    return _checked(length + inverted + sequence.to_bytes(_SEQUENCE_LEN) + payload)


def decode_frame(octets: bytes) -> Frame | None:
    """Return the frame that ``octets`` begin with; None: they begin with no whole one."""
    length = _announced(octets)
    if length is None:
        return None
    size = _HEAD_LEN + length + _CHECK_LEN
    if len(octets) < size or octets[:size] != _checked(octets[: size - _CHECK_LEN]):
        return None
    sequence = int.from_bytes(octets[_LENGTHS_LEN:_HEAD_LEN])
    return Frame(sequence, octets[_HEAD_LEN : _HEAD_LEN + length], size)


def is_torn(rest: bytes) -> bool:
    """Say whether ``rest``, the end of a file, is a last frame whose writing was cut short.

    It is if it is the beginning of one frame, with nothing or zeros where the others should be: a
    disk may have made room in the file and not filled it. A whole frame whose check is wrong was
    promised to somebody and damaged later; so was one that another whole frame follows.
    """
    if len(rest) > MAX_FRAME or any(decode_frame(rest[at:]) for at in range(1, len(rest))):
        return False
    if not any(rest[_LENGTHS_LEN:]):  # no frame has the sequence number 0
        return True
    length = _announced(rest)
    if length is None:
        return False
    size = _HEAD_LEN + length + _CHECK_LEN
    return len(rest) < size or (len(rest) == size and not any(rest[-_CHECK_LEN:]))


def _announced(octets: bytes) -> int | None:
    """Return the payload's length as the head has it; None: no head of ours."""
    length = int.from_bytes(octets[:_LENGTH_LEN])
    inverted = int.from_bytes(octets[_LENGTH_LEN:_LENGTHS_LEN])
    if len(octets) < _LENGTHS_LEN or length ^ inverted != _LENGTH_MASK:
        return None
    return length if 0 < length <= MAX_PAYLOAD else None


def _checked(octets: bytes) -> bytes:
    return octets + sha256(octets).digest()[:_CHECK_LEN]
