"""What Prometheus is told: counts and ages, never a person, a number or an address.

Every label has few values, all of our own making: names of routes, classes of status, codes.

Several worker processes share one listening socket, so a scrape meets any one of them. Where
``PROMETHEUS_MULTIPROC_DIR`` names a folder, all of them count in files there and each answers for
all; it is read when this module is first loaded, and the folder is emptied before a start.
"""

import os
from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.multiprocess import mark_process_dead as _mark_dead

from cardservice.domain.verdict import Verdict
from cardservice.verify.examination import Examination

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
NO_VERDICT: Final = "none"
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_CLASS: Final = 100
# Seconds; a relay's command takes about one thousandth, a statement waits at most sixty.
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)


class Metrics:
    """The figures of one process, or of all that share a folder; safe for threads.

    Args:
        relay_sessions: how many readings are open in this process.
    """

    def __init__(self, relay_sessions: Callable[[], int] = lambda: 0) -> None:
        self._registry = CollectorRegistry()
        self._open_sessions = relay_sessions
        self._make_requests()
        self._make_domain()
        self._make_state()

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered; ``route`` is the name of a route of ours."""
        self._requests.labels(route, f"{status // _CLASS}xx").inc()
        self._seconds.labels(route).observe(seconds)
        self._sessions.set(self._open_sessions())

    def verdict(self, verdict: Verdict) -> None:
        """Count a verdict by its outcome and the reason that decided it."""
        self._verdicts.labels(verdict.outcome.value, verdict.deciding.reason.value).inc()

    def examination(self, examination: Examination) -> None:
        """Count an examination by its verdict, or the problem that kept it from one."""
        if examination.verdict is not None:
            self.verdict(examination.verdict)
        elif examination.problem is not None:
            self._verdicts.labels(NO_VERDICT, examination.problem.value).inc()

    def presentations(self, taken: int, refused: int = 0) -> None:
        """Count presentations that desks reported."""
        self._presentations.labels("taken").inc(taken)
        self._presentations.labels("refused").inc(refused)

    def sign(self, kind: str) -> None:
        """Count a sign of abuse; ``kind`` is its code."""
        self._signs.labels(kind).inc()

    def state(
        self, *, database: bool, list_age_s: float | None, signer_left_s: float | None
    ) -> None:
        """Set what was found out just now; None: it could not be."""
        self._database.set(1 if database else 0)
        self._sessions.set(self._open_sessions())
        for gauge, value in ((self._list_age, list_age_s), (self._signer_left, signer_left_s)):
            gauge.set(float("nan") if value is None else value)

    def text(self) -> bytes:
        """Return everything in Prometheus' text format, of all processes that share the folder."""
        if not is_shared():
            return generate_latest(self._registry)
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        return generate_latest(shared)

    def _make_requests(self) -> None:
        self._requests = Counter(
            "cardservice_requests", "Answers.", ["route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "cardservice_request_seconds",
            "Time to the end of an answer.",
            ["route"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._sessions = Gauge(
            "cardservice_relay_sessions",
            "Cards being read through the service.",
            multiprocess_mode="livesum",
            registry=self._registry,
        )

    def _make_domain(self) -> None:
        self._verdicts = Counter(
            "cardservice_verdicts",
            "Verdicts by what decided them.",
            ["outcome", "reason"],
            registry=self._registry,
        )
        self._presentations = Counter(
            "cardservice_presentations",
            "Presentations reported by desks.",
            ["result"],
            registry=self._registry,
        )
        self._signs = Counter(
            "cardservice_signs", "Signs of abuse.", ["kind"], registry=self._registry
        )

    def _make_state(self) -> None:
        # What the process that is asked has found out just now counts, not what another one did.
        self._database = self._latest("cardservice_database_up", "1: the database answered.")
        self._list_age = self._latest("cardservice_list_age_seconds", "Age of the published list.")
        self._signer_left = self._latest(
            "cardservice_signer_seconds_left", "Time until the list signer ends."
        )

    def _latest(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, multiprocess_mode="livemostrecent", registry=self._registry)


def is_shared() -> bool:
    """Return whether several processes count together."""
    return bool(os.environ.get(FOLDER))


def forget_process(process: int) -> None:
    """Take what a process that is gone said about the present out of the shared folder."""
    if is_shared():
        _mark_dead(process)  # type: ignore[no-untyped-call]
