"""When a fault strikes, as data."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from typing_extensions import override

from simulators.faults.digits import ANY_DIGIT, HEADER_DIGITS, Header
from simulators.faults.parameters import Choice, Share, Whole
from simulators.faults.record import Record, takes
from simulators.reader.errors import ReaderSetupError

COUNT_MAX: Final = 1_000_000_000
HEADER_OCTETS: Final = HEADER_DIGITS // 2
_OTHER_CONDITIONS: Final = ("nth", "every", "header", "probability")


class Since(StrEnum):
    """Where counting begins."""

    PLAN = "plan"
    POWER_UP = "power-up"
    RESET = "reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class When(Record):
    """All conditions that are given must hold; none given means always.

    What is counted are commands with that header (for some kinds of fault: answers to reset, or
    insertions). ``nth`` and ``every`` together: the nth, and every so many after it.
    """

    nth: int | None = field(
        default=None, metadata=takes(Whole(1, COUNT_MAX), "only the nth; counts from 1")
    )
    every: int | None = field(
        default=None, metadata=takes(Whole(1, COUNT_MAX), "every so many; after nth if it is given")
    )
    since: Since = field(
        default=Since.PLAN,
        metadata=takes(
            Choice(tuple(Since)),
            "counting begins with the plan, at each power-up, or at each power-up or reset",
        ),
    )
    header: str | None = field(
        default=None, metadata=takes(Header(), "only commands like this, and only they are counted")
    )
    probability: float | None = field(
        default=None, metadata=takes(Share(), "drawn from the plan's seed, repeatable")
    )
    write: int | None = field(
        default=None,
        metadata=takes(Whole(1, COUNT_MAX), "at the nth write of non-volatile memory"),
    )
    times: int | None = field(
        default=None, metadata=takes(Whole(1, COUNT_MAX), "at most so many times in all")
    )

    @override
    def check(self) -> None:
        """Refuse other conditions beside ``write``."""
        others = [name for name in _OTHER_CONDITIONS if getattr(self, name) is not None]
        if self.write is not None and others:
            raise ReaderSetupError(
                f"{others[0]} does not go with write", remedy=f"leave out {others[0]} or write"
            )

    def is_turn(self, count: int) -> bool:
        """Return whether it is the turn of the one that was counted as ``count``, from 1."""
        first = self.nth or self.every or 1
        if count < first:
            return False
        if self.every is None:
            return self.nth is None or count == first
        return not (count - first) % self.every

    def fits_header(self, command: bytes) -> bool:
        """Return whether the command begins as ``header`` says."""
        if self.header is None:
            return True
        found = command[:HEADER_OCTETS].hex().upper()
        if len(found) != HEADER_DIGITS:
            return False
        return all(
            wanted in (ANY_DIGIT, digit) for wanted, digit in zip(self.header, found, strict=True)
        )
