"""A station as its settings describe it: journal, jobs, lanes and the floor they make together."""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cardservice.domain.rows import Refused
from cardservice.errors import UsageError
from cardservice.home.folder import Folder
from cardservice.home.issuer import Home, open_home, utc_now
from cardservice.home.station_checks import StationChecks
from cardservice.home.station_journal import JOURNAL, station_folder
from cardservice.home.station_keys import StationSecrets
from cardservice.home.station_lane import open_lane
from cardservice.home.station_sources import open_office, registry_jobs
from cardservice.home.station_sources_rows import row_names
from cardservice.home.station_sources_table import TableJobs, table_lines
from cardservice.personalization.floor import Floor, FloorParts
from cardservice.personalization.floor_supply import OpenOrders, SupplyPlan
from cardservice.personalization.jobs import JobSource
from cardservice.personalization.journal import LAST_LANE
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.self_check import CheckResult, self_check
from cardservice.personalization.self_check_clock import ClockGuard
from cardservice.personalization.telling import Reporter
from cardservice.settings import Settings
from cardservice.storage.journal_file import JournalFile

_OWNER_ONLY: Final = 0o700
_MINUTE_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneWish:
    """One lane: URLs of its reader and of its feeder; no feeder: the reader's own, or a person."""

    reader: str
    feeder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationWish:
    """What a run of the station is to do.

    Attributes:
        holders: the table that jobs come from; None: the office of the settings.
        count: how many cards; None: all there are orders for.
        say_refused: told of every row of the table that cannot be made.
    """

    lanes: Sequence[LaneWish]
    holders: Path | None = None
    count: int | None = None
    say_refused: Callable[[Refused], None] = field(default=lambda _: None)


def lane_wishes(
    readers: Sequence[str], feeders: Sequence[str], *, lanes: int | None = None
) -> tuple[LaneWish, ...]:
    """Return the lanes for these readers, the feeders beside them in the same order.

    Args:
        lanes: take only so many readers.

    Raises:
        UsageError: no reader; more lanes than readers, or feeders; a reader twice.
    """
    chosen = list(readers if lanes is None else readers[:lanes])
    if not chosen or (lanes is not None and lanes > len(readers)):
        raise UsageError(f"there are {len(readers)} readers; see: cardservice reader list")
    if len(set(chosen)) < len(chosen):
        raise UsageError("a reader is one lane; name each --reader once")
    if len(feeders) > len(chosen) or len(chosen) > LAST_LANE:
        raise UsageError(f"{len(feeders)} feeders for {len(chosen)} readers, {LAST_LANE} at most")
    beside = [*feeders, *[""] * (len(chosen) - len(feeders))]
    return tuple(
        LaneWish(reader=reader, feeder=feeder)
        for reader, feeder in zip(chosen, beside, strict=True)
    )


def check_station(
    settings: Settings,
    readers: Sequence[str],
    given: StationSecrets,
    guard: ClockGuard,
    *,
    clock_is_right: bool = False,
) -> Sequence[CheckResult]:
    """Return what a look at every part of the station found, before its first card."""
    checks = StationChecks(
        settings=settings,
        readers=readers,
        key_secrets=lambda: given,
        guard=guard,
        clock_is_right=clock_is_right,
    )
    return self_check(checks.parts())


@contextmanager
def opened_floor(
    settings: Settings, wish: StationWish, given: StationSecrets, guard: ClockGuard
) -> Iterator[Floor]:
    """Lend the floor of this station, to be started; its journal is this process's alone.

    Raises:
        UsageError: neither a table nor an office to take orders from.
        Refusal: as ``open_home``; ``journal-in-use``, ``journal-damaged``,
            ``journal-contradicts``, ``stock-differs``; the table's header is wrong.
    """
    with ExitStack() as stack:
        home = None if _is_keyless(settings) else open_home(settings)
        file = _open_journal(settings, stack)
        begun = OpenOrders()
        journal = StationJournal(file, each=begun.see)
        source = _source(settings, home, wish, journal, stack)
        parts = FloorParts(
            name=settings.station_name,
            journal=journal,
            source=source,
            teller=Reporter(journal, source),
            plan=SupplyPlan(
                ahead=settings.station_ahead,
                lease_s=settings.station_lease_min * _MINUTE_S,
                limit=wish.count,
                ends_when_dry=wish.holders is not None,
            ),
            begun=begun.names(),
            clock=utc_now,
            monotonic_ns=time.monotonic_ns,
            stock=lambda: journal.stock.view,
            may_begin=guard.require_right,
            clock_seen=guard.confirm,
        )
        yield Floor(
            [
                open_lane(settings, number, one.reader, one.feeder, given)
                for number, one in enumerate(wish.lanes, start=1)
            ],
            parts,
        )


def _open_journal(settings: Settings, stack: ExitStack) -> JournalFile:
    folder = station_folder(settings)
    folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    file = JournalFile(folder / JOURNAL, clock=utc_now)
    stack.callback(file.close)
    return file


def _is_keyless(settings: Settings) -> bool:
    """Say whether a central service has all that a home would hold."""
    return settings.station_central is not None and not Folder(settings.home).marker.is_file()


def _source(
    settings: Settings,
    home: Home | None,
    wish: StationWish,
    journal: StationJournal,
    stack: ExitStack,
) -> JobSource:
    if wish.holders is not None:
        if home is None:
            raise UsageError("a table needs the ledger of a home; without one take the office")
        return TableJobs(
            table_lines(wish.holders),
            home,
            journal,
            names=row_names(station_folder(settings), entropy=secrets.token_bytes),
            say_refused=wish.say_refused,
        )
    if settings.station_office is None:
        raise UsageError("no orders: name a table with --holders, or set station_office")
    link = open_office(settings)
    stack.callback(link.close)
    return registry_jobs(link, settings, journal, home=home)
