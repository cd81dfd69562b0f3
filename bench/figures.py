"""What a measurement returns, and how calls are timed."""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

_WHOLE_FROM: Final = 100  # a rate from here on is shown without a fraction
_TRIAL: Final = 10  # a batch that fills a tenth of a turn tells how many calls fill a whole one


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long to measure.

    Attributes:
        rounds: turns of measured and reference; the median of the turns counts.
        turn_s: seconds a turn. Short ones, so that both see the same moments of a busy machine.
        runs: runs of a whole command, where one call takes seconds.
        cards: different cards, taken in turn: one hot object would flatter every cache.
        singles: calls timed one by one, where the slow ones matter.
    """

    rounds: int = 21
    turn_s: float = 0.15
    runs: int = 5
    cards: int = 60
    singles: int = 5_000


FULL: Final = Pace()
QUICK: Final = Pace(rounds=1, turn_s=0.002, runs=1, cards=2, singles=10)
"""Enough to see that a measurement works; its figures mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One result; ``ratio`` is value over reference_value, both in ``unit``."""

    name: str
    value: float
    unit: str
    reference: str | None = None
    reference_value: float | None = None
    note: str | None = None

    @property
    def ratio(self) -> float | None:
        """Value over reference, None where there is no reference."""
        if not self.reference_value:
            return None
        return round(self.value / self.reference_value, 3)

    def line(self) -> str:
        """Return the figure as one JSON object on one line; ``note`` only if there is one."""
        members = asdict(self)
        members["ratio"] = self.ratio
        note = members.pop("note")
        if note:
            members["note"] = note
        return json.dumps(members, ensure_ascii=False)


class NotMeasurableError(Exception):
    """What a measurement needs is not on this machine; the message says what, and what to do."""


def rate(call: Callable[[], object], *, seconds: float) -> float:
    """Return calls a second of ``call`` over about ``seconds``."""
    batch, spent = 1, _time(call, 1)
    while spent < seconds / _TRIAL:
        batch *= 2
        spent = _time(call, batch)
    batch = max(1, round(batch * seconds / spent))
    return batch / _time(call, batch)


def rates_in_turn(
    measured: Callable[[], object], reference: Callable[[], object], pace: Pace
) -> tuple[float, float]:
    """Return the median rates of both, taken in alternating turns after one warm-up each."""
    measured()
    reference()
    pairs = [
        (rate(measured, seconds=pace.turn_s), rate(reference, seconds=pace.turn_s))
        for _ in range(pace.rounds)
    ]
    return statistics.median(one for one, _ in pairs), statistics.median(one for _, one in pairs)


def latencies(call: Callable[[], object], count: int) -> list[float]:
    """Return the seconds that each of ``count`` calls took, shortest first."""
    return sorted(_time(call, 1) for _ in range(count))


def per_second(value: float) -> float:
    """Return a rate as it is printed: no more digits than were measured."""
    return round(value) if value >= _WHOLE_FROM else round(value, 1)


def _time(call: Callable[[], object], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        call()
    return time.perf_counter() - start
