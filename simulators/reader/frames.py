"""The frames between PC/SC's virtual reader driver and a card: a length, then that many octets.

Source: observed on vsmartcard-vpcd 3.3; the protocol has no other published description.
"""

from enum import IntEnum
from typing import Final

LENGTH_OCTETS: Final = 2
MAX_BODY: Final = 0xFFFF  # what the length can say; the longest extended APDU does not fit
CONTROL_OCTETS: Final = 1


class Control(IntEnum):
    """Bodies of one octet: what the reader does to the card, rather than a command for it."""

    POWER_OFF = 0
    POWER_ON = 1
    RESET = 2
    ATR = 4


class FrameTooLongError(ValueError):
    """A body has no room in a frame."""


def encode_frame(body: bytes) -> bytes:
    """Return ``body`` with its length in front, 2 octets, big-endian.

    Raises:
        FrameTooLongError: the body is longer than 65,535 octets.
    """
    if len(body) > MAX_BODY:
        raise FrameTooLongError(f"{len(body)} octets do not fit in a frame")
    return len(body).to_bytes(LENGTH_OCTETS) + body


class FrameBuffer:
    """Collects octets as they arrive, in whatever pieces, and gives back whole bodies."""

    def __init__(self) -> None:
        self._octets = bytearray()

    def feed(self, piece: bytes) -> None:
        """Add what has just arrived."""
        self._octets += piece

    def take(self) -> bytes | None:
        """Return the next whole body, or None while it has not arrived in full."""
        octets = self._octets
        if len(octets) < LENGTH_OCTETS:
            return None
        end = LENGTH_OCTETS + int.from_bytes(octets[:LENGTH_OCTETS])
        if len(octets) < end:
            return None
        body = bytes(octets[LENGTH_OCTETS:end])
        del octets[:end]
        return body

    @property
    def partial(self) -> bool:
        """Whether a frame has begun and not ended."""
        return bool(self._octets)
