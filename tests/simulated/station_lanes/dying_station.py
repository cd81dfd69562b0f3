"""A station that never gets past the fourth entry of its first card, to be killed there."""

import sys
import time
from pathlib import Path
from typing import Any

from typing_extensions import override

from cardservice.home.station_lane import ProcessLane
from cardservice.personalization.journal import ChipKeyMade
from cardservice.personalization.journal_calls import LaneShare
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.order import prepare
from cardservice.settings import load_settings
from tests.simulated.station_lanes.lanes import Floor, a_job, never


class Dying(LaneShare):
    """Says which process its lane is, and answers no more."""

    def __init__(self, journal: StationJournal, lane: ProcessLane) -> None:
        super().__init__(journal)
        self._lane = lane

    @override
    def ask(self, name: str, arguments: tuple[Any, ...]) -> Any:
        result = super().ask(name, arguments)
        if arguments and isinstance(arguments[0], ChipKeyMade):
            print(self._lane.process, flush=True)  # noqa: T201 - whoever kills us reads it
            time.sleep(60)
        return result


def main(path: Path, folder: Path) -> None:
    floor = Floor(path, load_settings(home=path / "home"))
    lane, job = floor.lane(f"simfeed:{folder}"), a_job()
    with floor.journal() as journal:
        lane.await_card(never)
        lane.do(job, None if job.order is None else prepare(job.order), Dying(journal, lane))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
