"""The thread that keeps an enrolled desk fresh while cards are read: time, trust, lists, reports.

It never holds anybody up: what it learns is there with the next card, and what it cannot reach
is asked for again, later each time.
"""

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from cardservice.desk.freshness import FIRST_RETRY, LAST_RETRY, Schedule, Topic
from cardservice.desk.presentations import Presentation
from cardservice.desklink.answers import LATE, UNREACHABLE
from cardservice.domain.proven_time import TimeGrade
from cardservice.errors import CardServiceError, SourceUnavailableError
from cardservice.home.desk_at_work import DeskAtWork
from cardservice.home.desk_refresh import DeskRefresher, code_of
from cardservice.home.desk_time import monotonic
from cardservice.home.desk_troubles import DeskCondition, condition_of
from cardservice.texts.desk_agent import trouble_phrase
from cardservice.web.desk.standing import DeskStanding, StandingTrouble

LOOK_S: Final = 2.0  # a sleep of the machine is noticed within so long
STOP_S: Final = 5.0
_NOBODY: Final = frozenset({UNREACHABLE, LATE})

_log: Final = logging.getLogger(__name__)

Show = Callable[[DeskStanding], None]


@dataclass(slots=True)
class _Retry:
    """When a thing that failed is tried again."""

    due: float = 0.0
    failures: int = 0
    code: str | None = None

    def succeeded(self) -> None:
        self.due, self.failures, self.code = 0.0, 0, None

    def failed(self, now: float, code: str) -> None:
        wait = min(FIRST_RETRY * 2 ** min(self.failures, 16), LAST_RETRY)
        self.due, self.failures, self.code = now + wait.total_seconds(), self.failures + 1, code


class DeskAgent:
    """Works for one desk from ``start`` to ``stop``.

    Args:
        desk: the enrolled desk.
        show: hears how it stands, every few seconds; must not raise.
        every: between two refreshes that succeed.
        look_s: seconds between two looks at what is due.
    """

    def __init__(
        self,
        desk: DeskAtWork,
        *,
        show: Show = lambda _: None,
        every: timedelta | None = None,
        look_s: float = LOOK_S,
    ) -> None:
        self._desk = desk
        self._show, self._look_s = show, look_s
        refresh = every or timedelta(minutes=desk.settings.desk_refresh_min)
        self._schedule = Schedule(every=refresh, jitter=random.random)
        self._refresher = DeskRefresher(desk)
        self._renewal, self._telling = _Retry(), _Retry()
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="desk agent", daemon=True)

    def start(self) -> None:
        """Begin; the first thing is to ask for everything."""
        self._thread.start()

    def stop(self) -> None:
        """End within five seconds, whatever the service does meanwhile."""
        self._stopping.set()
        self._wake.set()
        self._desk.stop()
        self._thread.join(STOP_S)
        if self._thread.is_alive():
            _log.warning("the desk's agent did not end in time")

    @property
    def alive(self) -> bool:
        """Whether the thread is at work."""
        return self._thread.is_alive()

    def report(self, presentation: Presentation) -> None:
        """Take a presentation for the service; a ``desk.presentations.Report``."""
        self._desk.queue.add(presentation)
        self._wake.set()

    @property
    def condition(self) -> DeskCondition:
        """How the desk stands now."""
        retries = (self._renewal, self._telling)
        return condition_of(
            self._desk,
            self._refresher,
            failures=self._schedule.codes(),
            others=[one.code for one in retries if one.code is not None],
        )

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 - the next look may well succeed
                # Only the kind is logged: the message of an unforeseen error may quote anything.
                _log.error("the desk's agent: %s", type(error).__name__)
            self._wake.wait(self._look_s)

    def _look(self) -> None:
        """Do what is due, and say how the desk stands."""
        now = monotonic()
        if self._desk.time.now().grade is not TimeGrade.PROVEN:
            self._schedule.hurry(now, Topic.TIME)
        for topic in self._schedule.due(now):
            if self._stopping.is_set():
                return
            self._fetch(topic)
        self._renew_if_due()
        self._tell_if_any()
        self._desk.examiners.follow()
        self._desk.time.keep_if_due()
        self._show(standing_of(self.condition))

    def _fetch(self, topic: Topic) -> None:
        if topic is not Topic.TIME and self._schedule.codes().get(Topic.TIME) in _NOBODY:
            return  # it stays due: nobody is there, and to ask for more would only take time
        try:
            self._refresher.fetch(topic)
        except CardServiceError as error:
            self._schedule.failed(topic, monotonic(), code_of(error))
            _log.info("the desk's agent: %s: %s", topic.value, code_of(error))
            return
        self._schedule.succeeded(topic, monotonic())
        if topic is Topic.TRUST:
            self._schedule.hurry(monotonic(), Topic.LISTS)

    def _renew_if_due(self) -> None:
        if not self._refresher.renewal_is_due():
            self._renewal.succeeded()
        elif self._may(self._renewal):
            self._try(self._renewal, self._refresher.renew)

    def _tell_if_any(self) -> None:
        if not self._desk.queue.state.waiting:
            self._telling.succeeded()
        elif self._may(self._telling):
            self._try(self._telling, self._refresher.report)

    def _may(self, retry: _Retry) -> bool:
        return self._desk.reach.online and retry.due <= monotonic() and not self._stopping.is_set()

    def _try(self, retry: _Retry, act: Callable[[], object]) -> None:
        try:
            act()
        except CardServiceError as error:
            if isinstance(error, SourceUnavailableError):
                self._desk.reach.lose()
                self._schedule.hurry(monotonic(), Topic.TIME)
            retry.failed(monotonic(), code_of(error))
            _log.info("the desk's agent: %s", code_of(error))
        else:
            retry.succeeded()


def standing_of(condition: DeskCondition) -> DeskStanding:
    """Return what the page's bar says of a desk's condition."""
    days = condition.certificate_days
    return DeskStanding(
        online=condition.online,
        list_age=condition.list_age,
        grade=condition.grade,
        queue=condition.queue.waiting,
        certificate_days=None if days is None else max(days, 0),
        troubles=tuple(_trouble(code) for code in condition.troubles),
    )


def _trouble(code: str) -> StandingTrouble:
    phrase = trouble_phrase(code)
    return StandingTrouble(code, phrase.sentence, phrase.remedy or "")
