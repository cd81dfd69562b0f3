"""The journal's disk fills up or fails at any entry, or the clock jumps: the card waits."""

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cardservice.errors import Refusal
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.station import Station
from cardservice.storage.journal_file import Disk, JournalFile
from simulators.card import blank_card
from tests.chain import NOW, an_order, link_to
from tests.simulated.test_station_crash_world import FIRST, NO_FAULT, DyingLink, World, station
from tests.unit.personalization.stations import Told

LAST_ENTRY = 10  # of a card made without faults
HALF = 50  # octets of an entry that still find room


@dataclass
class FullDisk:
    """A disk without room at one entry; a part of the entry still fits."""

    at: int
    error: int = errno.ENOSPC
    count: int = 0
    failed: Callable[[], None] = lambda: None

    def write(self, descriptor: int, octets: bytes) -> int:
        self.count += 1
        if self.count == self.at:
            return os.write(descriptor, octets[:HALF])
        if self.count == self.at + 1:
            self.failed()
            raise OSError(self.error, "the disk")
        return os.write(descriptor, octets)


def opened(path: Path, disk: FullDisk) -> JournalFile:
    return JournalFile(path, clock=lambda: NOW, disk=Disk(disk.write, lambda _: None))


@dataclass
class Attempt:
    """A station whose disk fails at an entry, with a card in its reader."""

    path: Path
    at: int
    error: int = errno.ENOSPC

    def __post_init__(self) -> None:
        self.told, self.card = Told(), blank_card()
        self.disk = FullDisk(self.at, self.error)
        self.file = opened(self.path, self.disk)
        self.link = DyingLink(link_to(self.card), NO_FAULT)
        self.calls_then = 0
        self.disk.failed = self._note_calls

    def _note_calls(self) -> None:
        self.calls_then = self.link.count

    def run(self, ours: Station) -> str:
        with pytest.raises(Refusal) as refused:
            ours.make(self.link, an_order(index=FIRST[1]), order_id=FIRST[0])
        return refused.value.code


@pytest.mark.parametrize("at", range(2, LAST_ENTRY + 1))
def test_a_full_disk_stops_before_the_next_step_and_the_card_is_made_when_there_is_room(
    at: int, tmp_path: Path
) -> None:
    attempt = Attempt(tmp_path / "journal", at)
    ours = station(attempt.told, StationJournal(attempt.file))
    assert attempt.run(ours) == "journal-full"
    assert attempt.link.count == attempt.calls_then
    attempt.card.power_up()
    if at < LAST_ENTRY:
        assert attempt.told.cards == []
    made = ours.make(link_to(attempt.card), an_order(index=FIRST[1]), order_id=FIRST[0])
    attempt.file.close()
    world = World(tmp_path / "journal")
    assert {told.chip_serial for told in attempt.told.cards} == {made.chip_serial}
    assert world.recovery().orders[FIRST[0]].is_made


def test_a_station_does_not_start_on_a_full_disk(tmp_path: Path) -> None:
    file = opened(tmp_path / "journal", FullDisk(1))
    with pytest.raises(Refusal, match="Make room"):
        StationJournal(file)
    file.close()


@pytest.mark.parametrize("at", range(2, LAST_ENTRY + 1))
def test_after_a_failing_disk_nothing_is_made_before_the_station_starts_anew(
    at: int, tmp_path: Path
) -> None:
    attempt = Attempt(tmp_path / "journal", at, errno.EIO)
    ours = station(attempt.told, StationJournal(attempt.file))
    assert attempt.run(ours) == "journal-failed"
    calls = attempt.link.count
    assert attempt.run(ours) == "journal-failed"
    assert attempt.link.count == calls
    attempt.file.close()
    world = World(tmp_path / "journal", attempt.told)
    attempt.card.power_up()
    assert world.attempt(attempt.card, FIRST) == "made"
    assert len(set(world.told_chips())) == 1


def test_a_clock_that_jumps_back_changes_nothing_of_what_is_known(tmp_path: Path) -> None:
    now = NOW

    def jumping() -> datetime:
        nonlocal now
        now -= timedelta(days=400)
        return now

    told, card = Told(), blank_card()
    file = JournalFile(tmp_path / "journal", clock=jumping)
    ours = station(told, StationJournal(file))
    made = ours.make(link_to(card), an_order(index=FIRST[1]), order_id=FIRST[0])
    file.close()
    world = World(tmp_path / "journal")
    assert world.recovery().orders[FIRST[0]].chip == made.chip_serial
    assert world.attempt(blank_card(), FIRST) == "order-made"
