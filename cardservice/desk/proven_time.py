"""A desk's own time: signed by the service, carried on by a clock that never goes back.

| what is known | grade | ``at`` |
|---|---|---|
| signed since the desk started, and the machine did not sleep | proven | signed + elapsed |
| the PC's clock is not before the lower bound | at least | the PC's clock |
| it is before it by no more than other clocks differ, 5 minutes | at least | the lower bound |
| it is further before it | unknown | the lower bound, which has passed for sure |

The lower bound is the last proven time with what has elapsed since; it is kept on the disk. What
elapses is counted from the receipt of a signed time, not from its making: of a journey's two ends
the later one makes the time too early, and never too late.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from cardservice.desk.signed_time import TimeFault, TimeProofError
from cardservice.domain.proven_time import Moment, TimeGrade
from cardservice.pki.trust import CLOCK_TOLERANCE

LONGEST_JOURNEY: Final = timedelta(seconds=30)
"""Between question and answer: a signed time held back for longer would make a desk's time late."""
STEP_BACK: Final = timedelta(minutes=1)
"""Two servers' clocks and the desk's own may differ by so much; the desk's never goes back."""
SLEEP: Final = timedelta(seconds=30)
"""By so much the PC's clock may run ahead of the other one before we say: the machine slept."""
KEEP_EVERY: Final = timedelta(minutes=1)
NOTHING: Final = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeBound:
    """What is kept on the disk.

    Attributes:
        at: has passed for sure, UTC.
        proved_at: the last signed time, UTC; None: there was none.
    """

    at: datetime
    proved_at: datetime | None


KeepBound = Callable[[TimeBound], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Anchor:
    """A moment that has passed, and both clocks then."""

    bound: TimeBound
    proven: bool
    monotonic: float
    wall: datetime


class ProvenTime:
    """One desk's clock; safe to share between threads.

    Args:
        monotonic: seconds that never go back; best of a clock that runs while the machine sleeps.
        wall: the PC's clock, aware.
        kept: what was kept when the desk last ran; None: nothing.
        keep: puts a bound on the disk; it may take its time, but must not raise.
    """

    def __init__(
        self,
        *,
        monotonic: Callable[[], float],
        wall: Callable[[], datetime],
        kept: TimeBound | None = None,
        keep: KeepBound = lambda _: None,
    ) -> None:
        self._monotonic, self._wall, self._keep = monotonic, wall, keep
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._anchor = None if kept is None else self._anchored(kept, proven=False)
        self._kept = kept

    def now(self) -> Moment:
        """Return the time as the desk knows it; call it every few seconds to notice a sleep."""
        with self._lock:
            monotonic, wall = self._monotonic(), self._wall()
            if self._anchor is None:
                return Moment(at=wall, grade=TimeGrade.UNKNOWN)
            self._notice_sleep(self._anchor, monotonic, wall)
            return _moment(self._anchor, _floor(self._anchor, monotonic), wall)

    def proved(
        self, signed: datetime, *, sent_at_monotonic: float, received_at_monotonic: float
    ) -> Moment:
        """Take a signed time, verified by ``verify_time``; return the time now.

        Args:
            signed: UTC.
            sent_at_monotonic, received_at_monotonic: when its question was sent, and it came.

        Raises:
            TimeProofError: TOO_LATE: its journey took too long, or ended in the future;
                WENT_BACK: it is before a moment that has passed.
        """
        journey = received_at_monotonic - sent_at_monotonic
        with self._lock:
            elapsed = self._monotonic() - received_at_monotonic
            if min(journey, elapsed) < 0 or journey > LONGEST_JOURNEY.total_seconds():
                raise TimeProofError(TimeFault.TOO_LATE)
            self._take(signed, signed + timedelta(seconds=elapsed))
        self.keep_if_due()
        return self.now()

    def not_before(self, signed: datetime) -> None:
        """Take the time of anything verified, as a list's: so late it is by now at least."""
        with self._lock:
            anchor = self._anchor
            # A proof is nearer to the truth than what allows for two clocks' difference.
            known = anchor is not None and anchor.proven
            if not known and (anchor is None or _floor(anchor, self._monotonic()) < signed):
                proved_at = None if anchor is None else anchor.bound.proved_at
                bound = TimeBound(at=signed.astimezone(UTC), proved_at=proved_at)
                self._anchor = self._anchored(bound, proven=False)

    def keep_if_due(self) -> None:
        """Put the bound on the disk if that was a minute ago, or it is another day now."""
        with self._writing:
            bound = self._bound()
            if bound is not None and _is_due(bound, self._kept):
                self._put(bound)

    def stop(self) -> None:
        """Put the bound on the disk, because the desk stops."""
        with self._writing:
            bound = self._bound()
            if bound is not None and bound != self._kept:
                self._put(bound)

    def _take(self, signed: datetime, at: datetime) -> None:
        floor = at if self._anchor is None else _floor(self._anchor, self._monotonic())
        if at < floor - STEP_BACK:
            raise TimeProofError(TimeFault.WENT_BACK)
        bound = TimeBound(at=max(at, floor).astimezone(UTC), proved_at=signed.astimezone(UTC))
        self._anchor = self._anchored(bound, proven=True)

    def _notice_sleep(self, anchor: _Anchor, monotonic: float, wall: datetime) -> None:
        """Stop calling the time proven when the PC's clock ran ahead: time has passed uncounted.

        It stays so until the next proof, whatever is done to the PC's clock meanwhile.
        """
        ahead = (wall - anchor.wall) - _elapsed(anchor, monotonic)
        if anchor.proven and ahead > SLEEP:
            bound = replace(anchor.bound, at=_floor(anchor, monotonic))
            self._anchor = self._anchored(bound, proven=False)

    def _anchored(self, bound: TimeBound, *, proven: bool) -> _Anchor:
        return _Anchor(bound=bound, proven=proven, monotonic=self._monotonic(), wall=self._wall())

    def _bound(self) -> TimeBound | None:
        with self._lock:
            anchor = self._anchor
            if anchor is None:
                return None
            return replace(anchor.bound, at=_floor(anchor, self._monotonic()))

    def _put(self, bound: TimeBound) -> None:
        self._keep(bound)
        self._kept = bound


def _moment(anchor: _Anchor, floor: datetime, wall: datetime) -> Moment:
    if anchor.proven:
        at, grade = floor, TimeGrade.PROVEN
    elif wall < floor - CLOCK_TOLERANCE:
        at, grade = floor, TimeGrade.UNKNOWN
    else:
        at, grade = max(floor, wall), TimeGrade.AT_LEAST
    proved_at = anchor.bound.proved_at
    since = None if proved_at is None else max(at - proved_at, NOTHING)
    return Moment(at=at.astimezone(UTC), grade=grade, since_proof=since)


def _elapsed(anchor: _Anchor, monotonic: float) -> timedelta:
    return timedelta(seconds=max(monotonic - anchor.monotonic, 0.0))


def _floor(anchor: _Anchor, monotonic: float) -> datetime:
    return anchor.bound.at + _elapsed(anchor, monotonic)


def _is_due(bound: TimeBound, kept: TimeBound | None) -> bool:
    if kept is None or bound.at.date() != kept.at.date():
        return True
    return bound.at - kept.at >= KEEP_EVERY
