"""How fast the lanes of a whole station are, by when each of their cards counted as made."""

import threading
from collections.abc import Callable, Sequence
from time import perf_counter

from bench.figures import NotMeasurableError
from bench.station_stage import PATIENCE_S
from cardservice.home.station import LaneWish, StationWish, opened_floor
from cardservice.home.station_checks import new_clock_guard
from cardservice.home.station_demonstration import Demonstration
from cardservice.personalization.lanes import LaneView


class Marks:
    """When each lane made its cards, seconds; ``look`` is called after every change.

    Args:
        lanes: the lanes as they are shown now.
    """

    def __init__(
        self, lanes: Callable[[], Sequence[LaneView]], clock: Callable[[], float] = perf_counter
    ) -> None:
        self._lanes = lanes
        self._clock = clock
        self._grown = threading.Condition()
        self.of_lane: list[list[float]] = [[] for _ in lanes()]

    def look(self) -> None:
        """Mark the cards that were made since the last look."""
        now = self._clock()
        with self._grown:
            for marks, lane in zip(self.of_lane, self._lanes(), strict=True):
                marks.extend([now] * (lane.made - len(marks)))
            self._grown.notify_all()

    def wait(self, cards: int, since: float = 0.0) -> None:
        """Return once every lane has made so many cards since then.

        Raises:
            NotMeasurableError: that took too long.
        """
        with self._grown:
            if not self._grown.wait_for(lambda: self._least(since) >= cards, PATIENCE_S):
                codes = sorted({lane.code for lane in self._lanes()})
                raise NotMeasurableError(f"a lane stands still ({', '.join(codes)})")

    def rates(self, cards: int, since: float) -> list[float]:
        """Return cards a second of each lane, by the first ``cards`` + 1 it made since then."""
        return [_rate(_later(marks, since)[: cards + 1]) for marks in self.of_lane]

    def _least(self, since: float) -> int:
        return min(len(_later(marks, since)) for marks in self.of_lane)


def lane_rates(made: Demonstration, lanes: Sequence[LaneWish], cards: int) -> list[float]:
    """Return cards a second of each lane, while all of them are at work.

    The time begins when every lane has made a card, and ends when every one has made ``cards``
    more; of each lane its whole cards within it count.
    """
    wish = StationWish(lanes=lanes, holders=made.holders)
    with opened_floor(made.settings, wish, made.secrets, new_clock_guard()) as floor:
        marks = Marks(lambda: floor.view.lanes)
        floor.subscribe(marks.look)
        floor.start()
        try:
            marks.wait(1)
            began = perf_counter()
            marks.wait(cards + 1, began)
        finally:
            floor.stop()
            floor.wait(PATIENCE_S)
    return marks.rates(cards, began)


def _rate(marks: Sequence[float]) -> float:
    return (len(marks) - 1) / (marks[-1] - marks[0])


def _later(marks: Sequence[float], since: float) -> list[float]:
    return [one for one in marks if one >= since]
