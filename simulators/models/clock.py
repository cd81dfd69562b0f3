"""Time that passes in the model only, split by who used it up."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

NS_A_MS: Final = 1_000_000
NS_A_SECOND: Final = 1_000_000_000
MOST_MADE_UP_NS: Final = 100 * NS_A_MS


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

    def begin(self) -> None:
        """Take note that a command, or power, reached the reader: from here on it takes time."""

    def settle(self) -> None:
        """Return when the answer would leave the reader, had all that was spent passed."""

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

    def begin(self) -> None:
        pass

    def settle(self) -> None:
        pass

    @property
    def spent(self) -> Split:
        return Split(*(self._spent[part] for part in Part))


class RealClock:
    """A clock that lets the time pass on the wall: each answer leaves when the model says.

    What the simulator itself computed meanwhile is part of it, and a sleep that lasted too long is
    taken off the next ones, so that the sum of many commands does not drift. At most 0.1 s is made
    up for: a machine that stood still is no reason for a card that takes no time.

    ``sleep`` takes seconds and may return early, as ``threading.Event.wait`` does when whoever
    holds the reader lets go of it; ``now`` gives nanoseconds.
    """

    def __init__(
        self,
        *,
        sleep: Callable[[float], object] = time.sleep,
        now: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._sleep, self._now = sleep, now
        self._counted = VirtualClock()
        self._due = self._late = 0

    def wait(self, seconds: int, /) -> None:
        self._counted.wait(seconds)
        self._due += seconds * NS_A_SECOND
        self._sleep(seconds)

    def spend(self, part: Part, nanoseconds: int, /) -> None:
        self._counted.spend(part, nanoseconds)
        self._due += nanoseconds

    def begin(self) -> None:
        self._due = self._now() - self._late

    def settle(self) -> None:
        left = self._due - self._now()
        if left > 0:
            self._sleep(left / NS_A_SECOND)
        self._late = min(max(self._now() - self._due, 0), MOST_MADE_UP_NS)

    @property
    def spent(self) -> Split:
        return self._counted.spent


def ms(nanoseconds: int) -> float:
    """Return milliseconds."""
    return nanoseconds / NS_A_MS


def nanoseconds(milliseconds: float) -> int:
    """Return whole nanoseconds."""
    return round(milliseconds * NS_A_MS)
