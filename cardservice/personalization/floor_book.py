"""The jobs a station has in hand: which wait, which lane has which, which are to go back."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto, unique

from cardservice.personalization.jobs import Job


@unique
class End(Enum):
    """How a lane is through with a job."""

    MADE = auto()
    SPOILED = auto()  # its place in the status list is on a spoiled card: the registry orders anew
    LATER = auto()  # the first to be done next
    PARKED = auto()  # a certain card holds it, and is not here
    LEAVES = auto()  # it is given back


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Jobs: ``taken`` = made + spoiled + given back + lost + in hand, at every moment."""

    taken: int = 0
    made: int = 0
    spoiled: int = 0
    given_back: int = 0
    lost: int = 0
    in_hand: int = 0


class JobBook:
    """All jobs in hand; each is in one place. Safe for all threads of a floor.

    Args:
        is_bound: says whether a card holds, or may hold, the order's data.
        noticed: called after each change, with nothing locked.

    Attributes:
        changed: waited on by whoever waits for a job, or for another lane.
    """

    def __init__(
        self, *, is_bound: Callable[[str], bool], noticed: Callable[[], None] = lambda: None
    ) -> None:
        self.changed = threading.Condition(threading.RLock())
        self._is_bound = is_bound
        self._noticed = noticed
        self._waiting: OrderedDict[str, Job] = OrderedDict()
        self._parked: OrderedDict[str, Job] = OrderedDict()
        self._leaving: OrderedDict[str, Job] = OrderedDict()
        self._lanes: dict[int, Job] = {}
        self._at_work: set[int] = set()
        self._ended = dict.fromkeys(("taken", "made", "spoiled", "given_back", "lost"), 0)

    def add(self, jobs: Iterable[Job]) -> int:
        """Take jobs in; return how many were new. One that a card holds waits for that card."""
        with self.changed:
            before = self._ended["taken"]
            for job in jobs:
                if not self.has(job.order_id):
                    self._put(job)
                    self._ended["taken"] += 1
            fresh = self._ended["taken"] - before
        if fresh:
            self._tell()
        return fresh

    def has(self, order_id: str) -> bool:
        """Say whether the job is in hand."""
        with self.changed:
            places = (self._waiting, self._parked, self._leaving)
            return any(order_id in place for place in places) or self._lane_of(order_id) is not None

    @property
    def waiting(self) -> int:
        """Return how many jobs no lane has; those for a certain card are among them."""
        with self.changed:
            return len(self._waiting) + len(self._parked)

    @property
    def ready(self) -> int:
        """Return how many jobs wait that any blank will do for."""
        with self.changed:
            return len(self._waiting)

    @property
    def counts(self) -> Counts:
        """Return the sums."""
        with self.changed:
            places = (self._waiting, self._parked, self._leaving, self._lanes)
            return Counts(**self._ended, in_hand=sum(len(place) for place in places))

    def job_of(self, lane: int) -> Job | None:
        """Return what the lane has in hand."""
        with self.changed:
            return self._lanes.get(lane)

    def next_for(self, lane: int) -> Job | None:
        """Return the job the lane has, or give it the next one; one for a certain card last."""
        with self.changed:
            if lane in self._lanes:
                return self._lanes[lane]
            place = self._waiting or self._parked
            if not place:
                return None
            _, self._lanes[lane] = place.popitem(last=False)
        self._tell()
        return self._lanes.get(lane)

    def begin(self, lane: int) -> bool:
        """Let nobody take the lane's job away; False: somebody did already."""
        with self.changed:
            if lane in self._lanes:
                self._at_work.add(lane)
            return lane in self._lanes

    def rest(self, lane: int) -> None:
        """The lane's card is not being written any more."""
        with self.changed:
            self._at_work.discard(lane)

    def claim(self, order_id: str, lane: int) -> bool:
        """Give the lane that job, wherever it waits; the lane's own becomes the next one.

        False: the job is not in hand, or another lane is at work on it.
        """
        with self.changed:
            job = self._drawn(order_id)
            if job is None:
                return False
            self._end(lane, End.LATER)
            self._lanes[lane] = job
        self._tell()
        return True

    def end(self, lane: int, how: End) -> None:
        """Take the lane's job from it; harmless when it has none."""
        with self.changed:
            self._end(lane, how)
        self._tell()

    def lose(self, order_ids: Iterable[str]) -> None:
        """Forget jobs that are not ours any more, but those with which something was begun."""
        with self.changed:
            for order_id in order_ids:
                if self._is_bound(order_id):
                    continue
                if self._drawn(order_id) or self._leaving.pop(order_id, None):
                    self._ended["lost"] += 1
        self._tell()

    def dismiss(self) -> None:
        """Let all jobs that no lane has go back; those that a card holds stay."""
        with self.changed:
            free = [one for one in self._parked if not self._is_bound(one)]
            self._leaving.update((one, self._parked.pop(one)) for one in free)
            self._leaving.update(self._waiting)
            is_news = bool(free or self._waiting)
            self._waiting.clear()
        if is_news:
            self._tell()

    def leaving(self) -> list[str]:
        """Return the names of the jobs that are to be given back."""
        with self.changed:
            return list(self._leaving)

    def gone(self, order_id: str, *, lost: bool = False) -> None:
        """A job that was leaving is given back, or was not ours any more."""
        with self.changed:
            if self._leaving.pop(order_id, None) is not None:
                self._ended["lost" if lost else "given_back"] += 1
        self._tell()

    def _put(self, job: Job) -> None:
        place = self._parked if self._is_bound(job.order_id) else self._waiting
        place[job.order_id] = job

    def _end(self, lane: int, how: End) -> None:
        job = self._lanes.pop(lane, None)
        if job is None:
            return
        match how:
            case End.MADE | End.SPOILED:
                self._ended[how.name.lower()] += 1
            case End.LATER:
                self._put(job)
                if job.order_id in self._waiting:
                    self._waiting.move_to_end(job.order_id, last=False)
            case End.PARKED:
                self._parked[job.order_id] = job
            case End.LEAVES:
                self._leaving[job.order_id] = job

    def _drawn(self, order_id: str) -> Job | None:
        """Take a job from where it waits, or from a lane that is not at work on it."""
        for place in (self._waiting, self._parked):
            if order_id in place:
                return place.pop(order_id)
        lane = self._lane_of(order_id)
        if lane is None or lane in self._at_work:
            return None
        return self._lanes.pop(lane)

    def _lane_of(self, order_id: str) -> int | None:
        return next((lane for lane, job in self._lanes.items() if job.order_id == order_id), None)

    def _tell(self) -> None:
        with self.changed:
            self.changed.notify_all()
        self._noticed()
