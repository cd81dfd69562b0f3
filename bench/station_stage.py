"""A station to be measured: keys in files, a table of its own, floors of any lanes over them."""

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from bench.station_rows import write_table
from cardservice.home.issuer import open_home, utc_now
from cardservice.home.station_demonstration import Demonstration, demonstration_station
from cardservice.home.station_journal import JOURNAL, station_folder
from cardservice.home.station_sources_rows import row_names
from cardservice.home.station_sources_table import TableJobs, table_lines
from cardservice.personalization.floor import Floor, FloorParts
from cardservice.personalization.floor_supply import SupplyPlan
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.lane_worker import LaneWorker
from cardservice.personalization.telling import Reporter
from cardservice.settings import load_settings
from cardservice.storage.journal_file import Disk, JournalFile

PATIENCE_S: Final = 600.0
"""A floor that is not at its end by then hangs; no measurement waits for longer."""

NO_WAITING: Final = Disk(sync=lambda _: None)
"""A disk that nobody waits for."""

_MINUTE_S: Final = 60.0


@contextmanager
def station(rows: int) -> Iterator[Demonstration]:
    """Lend a station in a temporary folder, with a table of ``rows`` people."""
    with demonstration_station(load_settings(), lanes=1) as made:
        station_folder(made.settings).mkdir(parents=True, exist_ok=True)
        write_table(made.holders, rows)
        yield made


@contextmanager
def journal_of(made: Demonstration, disk: Disk | None = None) -> Iterator[JournalFile]:
    """Lend the file of the station's journal."""
    path = station_folder(made.settings) / JOURNAL
    file = JournalFile(path, clock=utc_now, disk=disk)
    try:
        yield file
    finally:
        file.close()


@contextmanager
def floor_of(
    made: Demonstration,
    workers: Sequence[LaneWorker],
    *,
    count: int | None = None,
    disk: Disk | None = None,
) -> Iterator[Floor]:
    """Lend a floor of these lanes over the station's table, put together as the service does.

    Args:
        count: cards after which it ends; None: the whole table.
        disk: of the journal; None: the machine's, waited for at every entry.
    """
    with journal_of(made, disk) as file:
        journal = StationJournal(file)
        names = row_names(station_folder(made.settings), entropy=secrets.token_bytes)
        home = open_home(made.settings)
        source = TableJobs(table_lines(made.holders), home, journal, names=names)
        parts = FloorParts(
            name=made.settings.station_name,
            journal=journal,
            source=source,
            teller=Reporter(journal, source),
            plan=SupplyPlan(
                ahead=made.settings.station_ahead,
                lease_s=made.settings.station_lease_min * _MINUTE_S,
                limit=count,
                ends_when_dry=True,
            ),
            clock=utc_now,
            monotonic_ns=time.monotonic_ns,
            stock=lambda: journal.stock.view,
        )
        yield Floor(workers, parts)
