"""A floor that does nothing but remember what it was asked, and lanes in every state."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from cardservice.personalization.jobs import Work
from cardservice.personalization.lanes import (
    LaneState,
    LaneView,
    Shares,
    StationView,
    Step,
    StockView,
)
from cardservice.texts.languages import Language
from cardservice.web.context import WebSettings
from cardservice.web.station.app import create_station_app
from cardservice.web.station.context import ShiftReports
from cardservice.web.station.serve import served_station

MORNING = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HEARTBEAT_S = 0.5
BUSY = Shares(chip=71, line=22, host=1, hand=6)
STATES = (
    (LaneState.WORKING, Step.DATA, ""),
    (LaneState.STOPPED, Step.KEYS, "chip-serial-twice"),
    (LaneState.PUT_BACK, Step.VERIFY, "card-removed"),
    (LaneState.DONE, Step.BIN, ""),
    (LaneState.NO_CARD, Step.INSERT, ""),
    (LaneState.REJECT, Step.BIN, "card-not-blank"),
    (LaneState.PAUSED, Step.INSERT, ""),
    (LaneState.NO_ORDER, Step.INSERT, ""),
    (LaneState.STARTING, Step.INSERT, ""),
    (LaneState.CLOSED, Step.INSERT, ""),
)
IN_HAND = {LaneState.WORKING, LaneState.STOPPED, LaneState.PUT_BACK, LaneState.DONE}


def lane(number: int, state: LaneState = LaneState.NO_CARD, **changes: Any) -> LaneView:
    view = LaneView(
        number=number, reader=f"Reader {number:02d}", state=state, since=MORNING, label="…4711"
    )
    return replace(view, **changes)


def lane_in_any_state(number: int) -> LaneView:
    """Return the lane of that number in one state after the other, with all its facts."""
    state, step, code = STATES[(number - 1) % len(STATES)]
    return lane(
        number,
        state,
        step=step,
        code=code,
        work=Work.CHANGE_INSURER if number % 7 == 0 else Work.NEW_CARD,
        chip=f"0A1B2C3D4E5F{number:04X}" if state in IN_HAND else "",
        made=40 + number,
        spoiled=number % 3,
        per_hour=96 - number,
        shares=BUSY,
    )


def station(*lanes: LaneView, **changes: Any) -> StationView:
    view = StationView(name="north-1", started_at=MORNING, lanes=lanes, waiting=32)
    return replace(view, **changes)


def full_station(count: int = 16) -> StationView:
    return station(
        *(lane_in_any_state(number) for number in range(1, count + 1)),
        made=776,
        per_hour=1402,
        spoiled=15,
        untold=12,
        source_code="registry-unreachable",
        stock=StockView(kept=True, received=2000, in_tray=1204, made=776, spoiled=15, begun=5),
    )


class FakeFloor:
    """Shows what it was given; ``asked`` has every wish in its order."""

    def __init__(self, view: StationView) -> None:
        self._view = view
        self._lock = Lock()
        self._followers: list[Callable[[], None]] = []
        self.asked: list[tuple[str, int | None]] = []

    @property
    def view(self) -> StationView:
        return self._view

    @property
    def follower_count(self) -> int:
        return len(self._followers)

    def show(self, view: StationView) -> None:
        self._view = replace(view, version=self._view.version + 1)
        with self._lock:
            followers = tuple(self._followers)
        for changed in followers:
            changed()

    def show_lane(self, changed: LaneView) -> None:
        lanes = tuple(changed if one.number == changed.number else one for one in self._view.lanes)
        self.show(replace(self._view, lanes=lanes))

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        with self._lock:
            self._followers.append(changed)
        return lambda: self._followers.remove(changed)

    def pause(self, lane: int | None = None) -> None:
        self.asked.append(("pause", lane))

    def resume(self, lane: int | None = None) -> None:
        self.asked.append(("resume", lane))

    def skip(self, lane: int) -> None:
        self.asked.append(("skip", lane))

    def repeat(self, lane: int) -> None:
        self.asked.append(("repeat", lane))

    def finish(self) -> None:
        self.asked.append(("finish", None))


class FakeReports:
    """Reports that say what they were asked for."""

    def pdf(self, language: Language) -> bytes:
        return b"%PDF " + language.value.encode()

    def csv(self) -> bytes:
        return b"what,count\r\n"


@dataclass(frozen=True, slots=True)
class RunningStation:
    url: str
    floor: FakeFloor


@contextmanager
def running_station(
    view: StationView, *, reports: ShiftReports | None = None
) -> Iterator[RunningStation]:
    """Serve the page of a fake floor on a free port for the length of the block."""
    floor = FakeFloor(view)
    settings = WebSettings(heartbeat_s=HEARTBEAT_S)
    app = create_station_app(floor, settings=settings, reports=reports)
    with served_station(app, port=0) as url:
        yield RunningStation(url, floor)
