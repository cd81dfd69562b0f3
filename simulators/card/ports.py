"""What a card takes from outside: randomness and time. Tests pass published values."""

import secrets
import time
from enum import Enum
from typing import Protocol


class Interface(Enum):
    """The way the terminal reaches the chip; access rights differ by it (card.md §5)."""

    CONTACT = "contact"
    CONTACTLESS = "contactless"


class Entropy(Protocol):
    """The random number generator of the chip."""

    def octets(self, count: int, /) -> bytes:
        """Return so many fresh octets."""


class Clock(Protocol):
    """The time that the card lets pass."""

    def wait(self, seconds: int, /) -> None:
        """Return after so many seconds of card time."""


class SystemEntropy:
    """The generator of the operating system."""

    def octets(self, count: int, /) -> bytes:
        return secrets.token_bytes(count)


class SystemClock:
    """Real time: the card truly waits."""

    def wait(self, seconds: int, /) -> None:
        time.sleep(seconds)


class CountedClock:
    """Time that is only added up: for tests and for models of timing."""

    def __init__(self) -> None:
        self.seconds = 0

    def wait(self, seconds: int, /) -> None:
        self.seconds += seconds


def draw_scalar(entropy: Entropy, order: int) -> int:
    """Return a private key in 1 … order-1.

    It takes as many octets as the order has, so that a published private key given as those octets
    is used as it stands. An out-of-range draw (1 in 2**32 on P-256) is folded in.
    """
    drawn = int.from_bytes(entropy.octets((order.bit_length() + 7) // 8), "big")
    return drawn if 0 < drawn < order else drawn % (order - 1) + 1
