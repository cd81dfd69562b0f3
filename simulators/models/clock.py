"""Time that passes in the model only, split by who used it up."""

from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

NS_A_MS: Final = 1_000_000
NS_A_SECOND: Final = 1_000_000_000


class Part(Enum):
    """Who used the time up."""

    CHIP = "chip"
    LINE = "line"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Split:
    """Nanoseconds by who used them up."""

    chip_ns: int = 0
    line_ns: int = 0
    reader_ns: int = 0

    @property
    def total_ns(self) -> int:
        """All of it."""
        return self.chip_ns + self.line_ns + self.reader_ns

    def __sub__(self, earlier: "Split") -> "Split":
        return Split(
            self.chip_ns - earlier.chip_ns,
            self.line_ns - earlier.line_ns,
            self.reader_ns - earlier.reader_ns,
        )


class ModelClock(Protocol):
    """Where modelled time goes; what it does to the wall is the clock's affair."""

    def wait(self, seconds: int, /) -> None:
        """Let the chip wait so many seconds, as it does after wrong CANs."""

    def spend(self, part: Part, nanoseconds: int, /) -> None:
        """Let so much time pass."""

    @property
    def spent(self) -> Split:
        """All time that passed so far."""
        ...


class VirtualClock:
    """A clock that is only added to: no time passes on the wall."""

    def __init__(self) -> None:
        self._spent = dict.fromkeys(Part, 0)

    def wait(self, seconds: int, /) -> None:
        self.spend(Part.CHIP, seconds * NS_A_SECOND)

    def spend(self, part: Part, nanoseconds: int, /) -> None:
        self._spent[part] += nanoseconds

    @property
    def spent(self) -> Split:
        return Split(*(self._spent[part] for part in Part))


def ms(nanoseconds: int) -> float:
    """Return milliseconds."""
    return nanoseconds / NS_A_MS


def nanoseconds(milliseconds: float) -> int:
    """Return whole nanoseconds."""
    return round(milliseconds * NS_A_MS)
