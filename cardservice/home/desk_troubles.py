"""How an enrolled desk stands: whether it is reached, how fresh it is, and what is the matter."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from cardservice.desk.freshness import Freshness, Topic, freshness_of
from cardservice.desk.knowledge import Knowledge
from cardservice.desk.trust_bundle import TrustFault
from cardservice.domain.proven_time import TimeGrade
from cardservice.errors import Refusal
from cardservice.home.desk_at_work import DeskAtWork
from cardservice.home.desk_examiner import KEY_UNUSABLE
from cardservice.home.desk_queue import QueueState
from cardservice.home.desk_refresh import RENEW_BELOW_DAYS, DeskRefresher


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCondition:
    """How a desk stands at one moment.

    Attributes:
        online: the service answered, and could be believed, when it was last asked.
        freshness: of what the desk knows.
        queue: what waits to be reported.
        certificate_days: whole days left, negative when it has run out; None: there is none.
        troubles: codes, each once, the gravest first.
    """

    online: bool
    freshness: Freshness
    queue: QueueState
    certificate_days: int | None
    troubles: tuple[str, ...]

    @property
    def list_age(self) -> timedelta | None:
        """The age of the oldest list that is wanted, in whole minutes; None: one is missing."""
        age = self.freshness.list_age
        return None if age is None else age - age % timedelta(minutes=1)

    @property
    def grade(self) -> TimeGrade:
        """How the desk knows its time."""
        return self.freshness.grade


def condition_of(
    desk: DeskAtWork,
    refresher: DeskRefresher,
    *,
    failures: Mapping[Topic, str],
    others: Iterable[str] = (),
) -> DeskCondition:
    """Return how the desk stands.

    Args:
        failures: topic → why it could not be fetched last.
        others: codes of what else failed last: a renewal, a report.
    """
    freshness = freshness_of(desk.knowledge, desk.time.now(), failures=failures)
    queue, days, damaged = desk.queue.state, None, False
    try:
        days = refresher.certificate_days()
    except Refusal:
        damaged = True
    codes = (
        *(["home-damaged"] if damaged else []),
        *_certificate(desk, days),
        *others,
        *failures.values(),
        *_queue(queue),
        *(one.code for one in desk.not_restored if freshness.missing),
        *(one.code for one in desk.notes),
        *not_linked(desk.knowledge),
        *_missing(freshness),
    )
    return DeskCondition(
        online=desk.reach.online,
        freshness=freshness,
        queue=queue,
        certificate_days=days,
        troubles=tuple(dict.fromkeys(codes)),
    )


def not_linked(knowledge: Knowledge) -> tuple[str, ...]:
    """Return the code of a root that came and was left aside, if there is one."""
    came = knowledge.trust is not None and knowledge.trust.not_linked
    return (TrustFault.NOT_LINKED.value,) if came else ()


def _certificate(desk: DeskAtWork, days: int | None) -> Iterator[str]:
    fault = desk.examiners.fault
    if fault == KEY_UNUSABLE:
        yield fault  # however long the certificate lasts, no card is shown it
    elif fault is not None and (days is None or days < RENEW_BELOW_DAYS):
        yield fault
    elif days is None:
        yield "not-enrolled"


def _queue(queue: QueueState) -> Iterator[str]:
    if queue.overflowed:
        yield "queue-full"
    if queue.unwritten:
        yield "queue-unwritten"
    if queue.damaged:
        yield "queue-damaged"


def _missing(freshness: Freshness) -> tuple[str, ...]:
    # Why it is missing is said already, if it is known.
    return () if freshness.failures else freshness.missing
