"""A lane with a watch beside it: what of each card's time was our own, and nobody else's."""

import time
from collections.abc import Callable, Sequence
from itertools import pairwise

from cardservice.personalization.jobs import Job
from cardservice.personalization.journal_calls import LaneShare
from cardservice.personalization.lane_worker import Bin, Effort, JobDone, LaneWorker, Stop
from cardservice.personalization.order import PreparedOrder


class Watched:
    """The lane it is given, timed from the end of one card to the end of the next.

    A card's own answering, and that of its reader, is taken off; all the rest is the host's:
    both processes of the lane, the pipe between them, the journal on its disk, the floor.
    """

    def __init__(self, lane: LaneWorker, clock: Callable[[], int] = time.perf_counter_ns) -> None:
        self._lane = lane
        self._clock = clock
        self._ends: list[int] = []
        self._efforts: list[Effort] = []
        self.await_card = lane.await_card
        self.close = lane.close

    @property
    def reader(self) -> str:
        """The reader's name."""
        return self._lane.reader

    def do(self, job: Job, prepared: PreparedOrder | None, share: LaneShare) -> JobDone:
        """Do the job; raises as the lane."""
        done = self._lane.do(job, prepared, share)
        self._efforts.append(done.effort)
        return done

    def release(self, bin_: Bin, stop: Stop) -> None:
        """Let go of the card; raises as the lane."""
        self._lane.release(bin_, stop)
        self._ends.append(self._clock())

    def whole_ns(self) -> Sequence[int]:
        """Return the nanoseconds of every card but the first, which starts the lane."""
        return [end - begin for begin, end in pairwise(self._ends)]

    def host_ns(self) -> Sequence[int]:
        """Return the host's part of ``whole_ns``."""
        answering = (one.chip_ns + one.line_ns for one in self._efforts[1:])
        return [took - other for took, other in zip(self.whole_ns(), answering, strict=True)]
