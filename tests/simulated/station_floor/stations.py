"""Whole stations for the tests of this folder: tables, software cards, lanes as processes."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cardservice.data import Table, read_table
from cardservice.domain.rows import Accepted, read_rows
from cardservice.home.issuer import utc_now
from cardservice.home.station import LaneWish, StationWish, opened_floor
from cardservice.home.station_checks import new_clock_guard
from cardservice.home.station_keys import KeySecrets, StationSecrets
from cardservice.home.station_lane import ProcessLane
from cardservice.personalization.floor import Floor
from cardservice.personalization.lane_worker import LaneWorker
from cardservice.settings import Settings
from tests.simulated.station_lanes.lanes import PASSPHRASE, new_floor

BLANK_EACH_TIME: Final = "sim:"
SHORT_S: Final = 60.0  # until a test gives up; nothing waits for it when all is well


def new_station(path: Path) -> Settings:
    """Return the settings of a station that was set up now."""
    return new_floor(path).settings


def a_table(path: Path, rows: int) -> Path:
    """Return a table with the first ``rows`` demonstration people who may have a card."""
    lines = read_table(Table.HOLDERS).splitlines(keepends=True)
    judged = read_rows(lines, today=utc_now().date())
    good = [lines[one.row - 1] for one in judged if isinstance(one, Accepted)]
    table = path / "holders.csv"
    table.write_bytes(b"".join([lines[0], *good[:rows]]))
    return table


@contextmanager
def running(settings: Settings, table: Path, *, lanes: int = 2) -> Iterator[Floor]:
    """Lend a floor that works; it is stopped at the end."""
    wish = StationWish(lanes=[LaneWish(reader=BLANK_EACH_TIME)] * lanes, holders=table)
    given = StationSecrets(KeySecrets(passphrase=PASSPHRASE))
    with opened_floor(settings, wish, given, new_clock_guard()) as floor:
        floor.start()
        try:
            yield floor
        finally:
            floor.stop()
            assert floor.wait(SHORT_S)


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread or process brings about."""
    end = time.monotonic() + SHORT_S
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def kill(worker: LaneWorker) -> bool:
    """Kill the lane's process, as a failing machine would; False: it has none now."""
    number = worker.process if isinstance(worker, ProcessLane) else None
    if number is None:
        return False
    os.kill(number, signal.SIGKILL)
    return True
