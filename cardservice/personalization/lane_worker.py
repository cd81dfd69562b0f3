"""The port between the floor and a lane: one reader with its tray or feeder."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Protocol

from cardservice.errors import CardServiceError
from cardservice.personalization.jobs import Job, Outcome
from cardservice.personalization.journal_calls import LaneShare
from cardservice.personalization.order import PreparedOrder


@unique
class Bin(StrEnum):
    """Where a card goes when the lane lets go of it."""

    GOOD = "good"
    ERROR = "error"
    STAY = "stay"  # it is tried once more, or is for the next job


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Where the time of one card went, nanoseconds of the wall clock.

    ``line`` is what the octets and the reader take by the card's answer to reset; ``chip`` is the
    rest of the time that the card was waited for; ``host`` all that is left.
    """

    chip_ns: int = 0
    line_ns: int = 0
    host_ns: int = 0
    commands: int = 0


@dataclass(frozen=True, slots=True)
class JobDone:
    """A job that is done; ``effort`` of its card."""

    outcome: Outcome
    effort: Effort


class LaneFaultError(CardServiceError):
    """A job did not come to its end.

    Attributes:
        code: from ``lane_faults``.
        sentence: what happened, in English, of no person.
        chip: serial number of the card, 8 octets; None: it is not known.
    """

    def __init__(self, code: str, sentence: str, *, chip: bytes | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.chip = chip


Stop = Callable[[], bool]
"""Asked several times a second while a lane waits; true ends the wait."""


class LaneWorker(Protocol):
    """One lane. Its calls come from one thread, one after the other."""

    @property
    def reader(self) -> str:
        """The reader's name."""
        ...

    def await_card(self, stop: Stop) -> bool:
        """Return True once a card lies in the reader, False when ``stop`` ended the wait.

        A feeder is asked for the next card; without one, a person puts it in.

        Raises:
            LaneFaultError: ``reader-unavailable``, ``hopper-empty``.
        """
        ...

    def do(self, job: Job, prepared: PreparedOrder | None, share: LaneShare) -> JobDone:
        """Do the job with the card that lies in the reader.

        Args:
            job: with its order for a new card.
            prepared: of a new card's order; None for work on a card that there is.
            share: the lane's share of the journal.

        Raises:
            LaneFaultError: it was not done; its code says what comes next.
        """
        ...

    def release(self, bin_: Bin, stop: Stop) -> None:
        """Let go of the card; return once it is out of the reader (or ``stop``); STAY: at once.

        Raises:
            LaneFaultError: ``reader-unavailable``.
        """
        ...

    def close(self) -> None:
        """Let go of reader and keys. Harmless when repeated."""
        ...
