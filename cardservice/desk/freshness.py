"""When a desk asks for what again, and how fresh what it knows is. No clock, no network here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum, unique
from typing import Final

from cardservice.desk.knowledge import Knowledge
from cardservice.domain.proven_time import Moment, TimeGrade

REFRESH: Final = timedelta(minutes=30)
FIRST_RETRY: Final = timedelta(seconds=10)
LAST_RETRY: Final = timedelta(minutes=5)
SPREAD: Final = 0.1
"""Of each wait: so that a hundred thousand desks do not ask in the same second."""

TIME_NOT_PROVED: Final = "time-not-proved"
TRUST_MISSING: Final = "trust-missing"
LIST_MISSING: Final = "list-missing"


@unique
class Topic(StrEnum):
    """What is fetched, in the order in which each helps the next."""

    TIME = "time"
    TRUST = "trust"
    LISTS = "lists"


@dataclass(frozen=True, slots=True)
class _Plan:
    """Of one topic: when it is due, how often it failed in a row, and why it did last."""

    due: float = 0.0
    failures: int = 0
    code: str | None = None


class Schedule:
    """What is due when; belongs to one thread.

    Args:
        every: between two successes.
        jitter: gives numbers from 0 to 1.
    """

    def __init__(self, *, every: timedelta = REFRESH, jitter: Callable[[], float]) -> None:
        self._every, self._jitter = every.total_seconds(), jitter
        self._plans = {topic: _Plan() for topic in Topic}

    def due(self, now: float) -> tuple[Topic, ...]:
        """Return what is to be fetched, in its order; at first everything.

        Args:
            now: seconds of a clock that never goes back.
        """
        return tuple(topic for topic in Topic if self._plans[topic].due <= now)

    def next_at(self) -> float:
        """Return when something is due next."""
        return min(plan.due for plan in self._plans.values())

    def succeeded(self, topic: Topic, now: float) -> None:
        """Fetch it again after the whole interval, or a little earlier."""
        self._plans[topic] = _Plan(now + self._every * (1 - SPREAD * self._jitter()))

    def failed(self, topic: Topic, now: float, code: str) -> None:
        """Fetch it again soon, and later after each failure: 10 s, 20 s, … 5 min.

        Args:
            code: why; of the link, or of the fault in what came.
        """
        before = self._plans[topic]
        # The exponent is bounded, too: a desk may be offline for years.
        wait = FIRST_RETRY.total_seconds() * 2 ** min(before.failures, 16)
        wait = min(wait, LAST_RETRY.total_seconds(), self._every)
        due = now + wait * (1 - SPREAD * self._jitter())
        self._plans[topic] = _Plan(due, before.failures + 1, code)

    def hurry(self, now: float, *topics: Topic) -> None:
        """Fetch these now: the network came back, or the time is not proved any more.

        One that has failed is left to its retry, so that nothing is asked for in a circle.
        """
        for topic in topics:
            plan = self._plans[topic]
            if plan.failures == 0:
                self._plans[topic] = replace(plan, due=min(plan.due, now))

    def codes(self) -> Mapping[Topic, str]:
        """Return why what failed last did."""
        return {topic: plan.code for topic, plan in self._plans.items() if plan.code is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFreshness:
    """One status list; ``age`` is None when the desk has none."""

    number: int
    age: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How fresh what a desk knows is, for a page.

    Attributes:
        grade: how the desk knows its time; all ages are "at least" unless it is proven.
        since_proof: since the service last signed the time; None: it never did.
        trust_age: None: there is none.
        lists: those that are wanted.
        missing: codes of what is not there: ``time-not-proved``, ``trust-missing``,
            ``list-missing``.
        failures: topic → code of why it could not be fetched last.
    """

    grade: TimeGrade
    since_proof: timedelta | None
    trust_age: timedelta | None
    lists: tuple[ListFreshness, ...]
    missing: tuple[str, ...]
    failures: Mapping[Topic, str] = field(default_factory=dict)

    @property
    def list_age(self) -> timedelta | None:
        """The age of the oldest list; None: one is missing, or none is known of."""
        ages = [one.age for one in self.lists if one.age is not None]
        return max(ages) if ages and len(ages) == len(self.lists) else None


def freshness_of(
    knowledge: Knowledge, moment: Moment, *, failures: Mapping[Topic, str] | None = None
) -> Freshness:
    """Return the facts at ``moment``; ``failures`` as ``Schedule.codes`` has them."""
    trust = knowledge.trust
    lists = tuple(
        ListFreshness(number=number, age=_list_age(knowledge, number, moment))
        for number in knowledge.wanted_lists()
    )
    return Freshness(
        grade=moment.grade,
        since_proof=moment.since_proof,
        trust_age=None if trust is None else max(moment.at - trust.issued, timedelta()),
        lists=lists,
        missing=tuple(_missing(moment, lists, has_trust=trust is not None)),
        failures=failures or {},
    )


def _list_age(knowledge: Knowledge, number: int, moment: Moment) -> timedelta | None:
    held = knowledge.held_list(number)
    return None if held is None else max(moment.at - held.verified.issued, timedelta())


def _missing(moment: Moment, lists: tuple[ListFreshness, ...], *, has_trust: bool) -> list[str]:
    found = []
    if moment.grade is not TimeGrade.PROVEN:
        found.append(TIME_NOT_PROVED)
    if not has_trust:
        found.append(TRUST_MISSING)
    if not lists or any(one.age is None for one in lists):
        found.append(LIST_MISSING)
    return found
