"""Lanes in real processes over software cards: a home, a journal on the disk, a feeder's folder."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from typing_extensions import override

from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.issuer import utc_now
from cardservice.home.station_keys import KeySecrets, StationSecrets
from cardservice.home.station_lane import ProcessLane, open_lane
from cardservice.keystores.sealing import KdfCost
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.personalization.jobs import Job
from cardservice.personalization.journal_calls import LaneShare
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.lane_worker import JobDone
from cardservice.personalization.order import prepare
from cardservice.settings import Settings, load_settings
from cardservice.storage.journal_file import Disk, JournalFile
from simulators.feeder import Hopper, new_hopper
from tests.chain import FUND, an_order

PASSPHRASE: Final = "a passphrase of a test"  # noqa: S105 - it opens nothing else
CHEAP: Final = KdfCost(n=2, r=1, p=1)
NO_WAITING: Final = Disk(sync=lambda _: None)  # a killed process loses nothing the kernel has


def never() -> bool:
    """Let nothing end a wait."""
    return False


def a_job(number: int = 1) -> Job:
    return Job(order_id=f"order-{number}", order=an_order(index=number))


class Killing(LaneShare):
    """A lane's share that has the lane's process killed before or after it answers a call."""

    def __init__(self, journal: StationJournal, kill: Callable[[str], None]) -> None:
        super().__init__(journal)
        self._kill = kill
        self.count = 0

    @override
    def ask(self, name: str, arguments: tuple[Any, ...]) -> Any:
        self.count += 1
        self._kill(f"before {self.count}")
        result = super().ask(name, arguments)
        self._kill(f"after {self.count}")
        return result


@dataclass
class Floor:
    """A station's disk and its lanes.

    Attributes:
        path: of the home; the journal is ``journal`` beside it, the feeders ``feeder-N``.
    """

    path: Path
    settings: Settings
    lanes: list[ProcessLane] = field(default_factory=list)

    def lane(
        self, reader: str, feeder: str = "", *, number: int = 1, passphrase: str = PASSPHRASE
    ) -> ProcessLane:
        given = StationSecrets(KeySecrets(passphrase=passphrase))
        lane = open_lane(self.settings, number, reader, feeder, given)
        self.lanes.append(lane)
        return lane

    def hopper(self, name: str = "feeder", **wishes: Any) -> Path:
        folder = self.path / name
        new_hopper(folder, Hopper(**{"cards": 5, **wishes}))
        return folder

    @contextmanager
    def journal(self) -> Iterator[StationJournal]:
        clock = lambda: datetime.now(UTC)  # noqa: E731 - one line is enough
        file = JournalFile(self.path / "journal", clock=clock, disk=NO_WAITING)
        try:
            yield StationJournal(file)
        finally:
            file.close()

    def close(self) -> None:
        for lane in self.lanes:
            lane.close()


def make(lane: ProcessLane, journal: StationJournal, job: Job) -> JobDone:
    """Do a job for a new card with the next card."""
    assert job.order is not None
    assert lane.await_card(never)
    return lane.do(job, prepare(job.order), LaneShare(journal))


def new_floor(path: Path, **settings: Any) -> Floor:
    """Return a floor whose home was set up now, its keys in files."""
    folder = Folder(path / "home")
    keys = SoftwareKeyStore(folder.keys, lambda: PASSPHRASE, cost=CHEAP)
    wish = NewHome(fund=FUND, demonstration=True)
    establish(folder, keys, wish, entropy=secrets.token_bytes, at=utc_now())
    return Floor(path, load_settings(home=folder.path, **settings))
