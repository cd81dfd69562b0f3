"""What the card did, told to whoever counts it: models of time turn it into milliseconds."""

from enum import Enum
from typing import Final, Protocol


class Operation(Enum):
    """Work of a chip that takes time worth counting."""

    SELECT = "select"
    """One SELECT: the chip looks a name or a file up."""
    SYMMETRIC = "symmetric"
    """One command's worth of AES: its secure messaging, a nonce, a token, session keys."""
    KEY_PAIR = "key_pair"
    """A private key drawn, and its point."""
    ECDH = "ecdh"
    """A private key times somebody else's point."""
    MAPPING = "mapping"
    """PACE's s·G and its sum with H; s is a nonce of 16 octets, half as long as a private key."""
    VERIFY = "verify"
    """One ECDSA signature verified."""
    SIGN = "sign"
    """One ECDSA signature made."""
    MEMORY_WRITE = "memory_write"
    """One cell of non-volatile memory written; the memory numbers these itself."""


class Meter(Protocol):
    """Counts operations, right before the chip does them."""

    def count(self, operation: Operation, /) -> None:
        """Take note of one operation."""


class _Unmetered:
    """Nobody counts."""

    def count(self, operation: Operation, /) -> None:
        pass


UNMETERED: Final[Meter] = _Unmetered()
