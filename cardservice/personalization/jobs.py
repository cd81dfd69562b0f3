"""What a station has to do: jobs, where they come from, and who is told of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum, unique
from typing import Protocol

from cardservice.domain.insurance import InsurancePeriod
from cardservice.personalization.order import CardOrder


@unique
class Work(StrEnum):
    """What is done to a card."""

    NEW_CARD = "new-card"
    CHANGE_INSURER = "change-insurer"
    NEW_PIN = "new-pin"  # and PUK: one letter has both
    NEW_CAN = "new-can"
    UNBLOCK_PIN = "unblock-pin"
    TERMINATE = "terminate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One order, as a station has it in hand.

    Attributes:
        order_id: its name in the registry, or in the table: 1 to 64 letters, digits, hyphens.
        work: what is to be done.
        order: of a new card; None: the work is on a card that there is.
        card_number: of the card that there is, list number and index, 48 bits.
        insurance: the period that a change of insurer writes.
        due_on: when it is to be done.
        label: what an operator may see of it: never a name or a whole policy number.
    """

    order_id: str
    work: Work = Work.NEW_CARD
    order: CardOrder | None = field(default=None, repr=False)
    card_number: int | None = None
    insurance: InsurancePeriod | None = field(default=None, repr=False)
    due_on: date | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a job, to be told; ``spoiled`` is None when it is done.

    Attributes:
        chip: serial number, 8 octets.
        number: the card's place in the status list.
        signed_at: of the security object that is on the card now; None: none was written.
        valid_until: last day of the card; None: unlimited.
        spoiled: why the card, or the blank, is of no use (``journal.SpoiledReason``).
    """

    order_id: str
    work: Work
    chip: bytes
    number: int
    signed_at: datetime | None = None
    valid_until: date | None = None
    spoiled: str | None = None


class JobSource(Protocol):
    """Where a station gets its jobs and whom it tells of them.

    Every call may raise ``SourceUnavailableError``: the registry cannot be reached, or does not
    answer as it should; the station goes on with what it has and asks again later. A ``Refusal``
    is the registry's own word: the job is not this station's (any more), or cannot be told of so.
    """

    def take(self, count: int) -> Sequence[Job]:
        """Return up to ``count`` more jobs, this station's from now on; none: none is there."""
        ...

    def again(self, order_id: str) -> Job | None:
        """Return a job that this station had before it was started anew; None: it is not ours."""
        ...

    def renew(self) -> Sequence[str]:
        """Keep all jobs that were taken; return the names of those that were lost."""
        ...

    def give_back(self, order_id: str) -> None:
        """Let others have a job for which nothing was begun, or whose blank was spoiled."""
        ...

    def tell(self, outcome: Outcome) -> None:
        """Tell what became of a job; twice is once. When this returns it is kept there."""
        ...
