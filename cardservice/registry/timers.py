"""What has to be done when its time has come, whoever is there to do it.

Several processes may serve one office. Time is cut into slots as long as a job's period; who is
first to keep the job's name with the number of the slot does it, all others pass. So no job has
to be ended by who began it: one that dies leaves its slot undone, and the next slot is another's.
Every job may be done twice without harm, which a command (``run_all``) makes use of.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from cardservice.errors import CardServiceError, Refusal
from cardservice.pki.keys import SigningKey
from cardservice.registry.actor import SERVICE_NAME
from cardservice.registry.frame import DONE, Office
from cardservice.registry.outbox import Outbox
from cardservice.registry.ports import Work
from cardservice.registry.ports_access import Command, RememberedAnswer

ROUNDS: Final = 50  # of a job that does 200 rows at a time; what is left waits for the next slot
_HASH: Final = bytes(32)  # a slot has no request to compare with
_log: Final = logging.getLogger(__name__)


class Forgetful(Protocol):
    """A store of what is of no use after a while."""

    def forget(self, before: datetime) -> int:
        """Forget what is from before ``before``; return how many."""
        ...


class Pruned(Protocol):
    """Sessions."""

    def prune(self) -> int:
        """Drop those that are over; return how many."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerParts:
    """What jobs work on.

    Attributes:
        regions: whose days are kept here.
        head_key: name and key that sign heads of the audit log.
        attempts, challenges, sessions: stores that others fill.
        sweep: removes the scans that no row has any more; returns how many.
    """

    office: Office
    regions: tuple[str, ...]
    outbox: Outbox
    head_key: Callable[[], tuple[str, SigningKey]] = field(repr=False)
    attempts: Forgetful
    challenges: Forgetful
    sessions: Pruned
    sweep: Callable[[], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One line of the table.

    Attributes:
        name: stable; it is kept with every slot.
        every: the period.
        do: does the job for one region; returns how many things it did.
        everywhere: it is about all regions at once and done with the first.
    """

    name: str
    every: timedelta
    do: Callable[[TimerParts, str], int]
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a job: how much it did, or the code of what kept it from its end."""

    job: str
    region: str
    count: int = 0
    fault: str | None = None


def run_due(parts: TimerParts, jobs: Sequence[Job]) -> tuple[Ran, ...]:
    """Do the jobs of which nobody has taken the present slot; return what became of them."""
    return tuple(
        _ran(parts, job, region)
        for job, region in _each(parts, jobs)
        if _is_taken(parts, job, region)
    )


def run_all(parts: TimerParts, jobs: Sequence[Job]) -> tuple[Ran, ...]:
    """Do all jobs once, whatever the time; return what became of them."""
    return tuple(_ran(parts, job, region) for job, region in _each(parts, jobs))


def repeated(do: Callable[[], int]) -> int:
    """Do something until it finds nothing more to do, some rounds at most; return the sum."""
    total = 0
    for _ in range(ROUNDS):
        count = do()
        total += count
        if not count:
            break
    return total


def _each(parts: TimerParts, jobs: Sequence[Job]) -> Iterator[tuple[Job, str]]:
    for job in jobs:
        for region in parts.regions[:1] if job.everywhere else parts.regions:
            yield job, region


def _is_taken(parts: TimerParts, job: Job, region: str) -> bool:
    """Return whether this process has taken the job's present slot."""
    now = parts.office.clock()
    slot = int(now.timestamp() // job.every.total_seconds())
    sent = Command(
        region=region, actor=SERVICE_NAME, key=f"timer/{job.name}/{slot}", request_hash=_HASH
    )

    def take(kept: Work) -> bool:
        if kept.commands.earlier(sent) is not None:
            return False
        kept.commands.remember(sent, RememberedAnswer(status=DONE, answer=None), at=now)
        return True

    try:
        return parts.office.database.transaction(take, region=region)
    except (CardServiceError, OSError) as error:
        _log.warning("timer %s was not taken: %s", job.name, _code(error))
        return False


def _ran(parts: TimerParts, job: Job, region: str) -> Ran:
    try:
        count = job.do(parts, region)
    except Exception as error:  # noqa: BLE001 - one job's fault is not to stop the others
        # The class alone: a message may quote a row.
        _log.error("timer %s failed: %s", job.name, _code(error))
        return Ran(job.name, region, fault=_code(error))
    if count:
        _log.info("timer %s: %d", job.name, count)
    return Ran(job.name, region, count)


def _code(error: Exception) -> str:
    return error.code if isinstance(error, Refusal) else type(error).__name__
