"""A shift counted from a station's journal, and the command over its file."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from cardservice.cli.station import station as station_command
from cardservice.errors import Refusal
from cardservice.home.station_journal import JOURNAL
from cardservice.home.station_report import read_journal
from cardservice.home.station_report_counting import Window, shift_of
from cardservice.papers.shift_report_values import Shift, ShiftHour
from cardservice.personalization.journal import (
    BlanksReceived,
    CardEnded,
    CardMade,
    CardSeen,
    CardSpoiled,
    ChipKeyMade,
    DataStored,
    Entry,
    Finalized,
    Intent,
    KeysReplaced,
    OrderGivenBack,
    OutcomeReported,
    ServiceBegun,
    ServiceDone,
    SpoiledReason,
    StationStarted,
    Verified,
)
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.storage.journal_file import JournalFile

EIGHT = datetime(2026, 11, 22, 5, tzinfo=UTC)  # eight o'clock in Moscow
MOSCOW = ZoneInfo("Europe/Moscow")
SIGNED = datetime(2026, 11, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Clock:
    def __init__(self) -> None:
        self.now = EIGHT

    def __call__(self) -> datetime:
        return self.now


def chip(number: int) -> bytes:
    return number.to_bytes(8)


def begun(number: int, lane: int) -> Sequence[Entry]:
    order = f"order-{number}"
    return (
        Intent(order=order, lane=lane, number=number),
        CardSeen(chip=chip(number), order=order, lane=lane),
    )


def made(number: int, lane: int) -> Sequence[Entry]:
    name, order = chip(number), f"order-{number}"
    return (
        *begun(number, lane),
        KeysReplaced(chip=name),
        ChipKeyMade(chip=name, point=bytes(65)),
        DataStored(chip=name, order=order, number=number, signed_at=SIGNED),
        Finalized(chip=name),
        Verified(chip=name),
        CardMade(chip=name, order=order, number=number, signed_at=SIGNED),
    )


class Station:
    """A journal in memory that is written hour after hour."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.journal = MemoryJournal(self.clock)

    def note(self, *entries: Entry) -> None:
        for entry in entries:
            self.journal.append(entry)

    def shift(self, window: Window | None = None) -> Shift:
        return shift_of(
            self.journal.entries,
            window or Window(),
            station="north-1",
            zone=MOSCOW,
            now=self.clock.now,
        )


@pytest.fixture
def work() -> Station:
    station = Station()
    station.note(StationStarted())
    return station


def test_cards_are_counted_by_lane_and_hour_of_the_stations_zone(work: Station) -> None:
    work.note(*made(1, 1), *made(2, 2))
    work.clock.now += HOUR
    work.note(*made(3, 2))
    eight = EIGHT.astimezone(MOSCOW)
    assert work.shift().hours == (
        ShiftHour(hour=eight, lane=1, made=1),
        ShiftHour(hour=eight, lane=2, made=1),
        ShiftHour(hour=eight + HOUR, lane=2, made=1),
    )
    assert (eight.hour, work.shift().made) == (8, 3)


def test_spoiled_cards_are_counted_by_reason_in_the_lane_they_lay_in(work: Station) -> None:
    work.note(*begun(1, 3), CardSpoiled(chip=chip(1), reason=SpoiledReason.BROKEN))
    work.note(CardEnded(chip=chip(1)))
    work.note(CardSpoiled(chip=chip(2), reason=SpoiledReason.HALF_MADE_ELSEWHERE))
    shift = work.shift()
    assert {one.lane: dict(one.spoiled) for one in shift.hours} == {
        3: {"broken": 1},
        0: {"half-made-elsewhere": 1},
    }
    assert shift.ended == 1


def test_what_is_left_at_the_end_is_told(work: Station) -> None:
    work.note(*made(1, 1), *made(2, 1), OutcomeReported(chip=chip(1)))
    work.note(*begun(3, 1), *made(4, 2)[:5])
    shift = work.shift()
    assert shift.untold == 1
    assert [(one.chip[-2:], one.need) for one in shift.open_cards] == [
        ("03", "to-be-finished"),
        ("04", "look-at-the-card"),
    ]


def test_work_on_cards_of_holders_and_orders_given_back_are_counted(work: Station) -> None:
    for order, name in (("a", "new-pin"), ("b", "new-pin"), ("c", "terminate")):
        work.note(
            ServiceBegun(order=order, chip=chip(9), number=9, work=name, signed_at=None),
            ServiceDone(order=order),
        )
    work.note(Intent(order="d", lane=1, number=7), OrderGivenBack(order="d"))
    shift = work.shift()
    assert shift.services == {"new-pin": 2, "terminate": 1}
    assert shift.given_back == 1
    assert shift.untold == 3


def test_a_shift_begins_where_the_station_was_started_last(work: Station) -> None:
    work.note(*made(1, 1), *begun(2, 2))
    work.clock.now += HOUR
    work.note(StationStarted(), *made(3, 1))
    # A card begun before belongs to the shift in which it was spoiled, in its lane.
    work.note(CardSpoiled(chip=chip(2), reason=SpoiledReason.LOST))
    shift = work.shift()
    assert shift.begin == EIGHT + HOUR
    assert shift.made == 1
    assert {one.lane: dict(one.spoiled) for one in shift.hours} == {1: {}, 2: {"lost": 1}}


def test_between_two_times_only_what_happened_there_counts(work: Station) -> None:
    for number in range(1, 5):
        work.note(*made(number, 1))
        work.clock.now += HOUR
    shift = work.shift(Window(since=EIGHT + HOUR, until=EIGHT + 3 * HOUR))
    assert [one.made for one in shift.hours] == [1, 1]
    assert shift.untold == 3
    assert (shift.begin, shift.end) == (EIGHT + HOUR, EIGHT + 3 * HOUR)


def test_a_time_after_everything_gives_an_empty_shift(work: Station) -> None:
    work.note(*made(1, 1))
    shift = work.shift(Window(since=EIGHT + HOUR))
    assert shift.made == 0
    assert shift.untold == 1


def test_stock_is_told_as_it_was_at_both_ends(work: Station) -> None:
    work.note(BlanksReceived(first=1, last=100), *made(1, 1))
    work.clock.now += HOUR
    work.note(StationStarted(), *made(2, 1), *begun(3, 1))
    shift = work.shift()
    assert shift.stock_begin is not None
    assert shift.stock_end is not None
    assert (shift.stock_begin.in_tray, shift.stock_begin.made) == (99, 1)
    assert (shift.stock_end.in_tray, shift.stock_end.made, shift.stock_end.begun) == (97, 2, 1)


def test_stock_that_came_during_the_shift_was_not_there_before(work: Station) -> None:
    work.note(BlanksReceived(first=1, last=100))
    shift = work.shift()
    assert shift.stock_begin is not None
    assert shift.stock_begin.received == 0
    assert shift.stock_end is not None
    assert shift.stock_end.received == 100


def test_stock_that_nobody_keeps_is_not_told(work: Station) -> None:
    work.note(*made(1, 1))
    assert (work.shift().stock_begin, work.shift().stock_end) == (None, None)


def test_a_damaged_journal_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes(b"CARDJRN1" + bytes(40))
    with pytest.raises(Refusal) as damaged:
        list(read_journal(tmp_path / JOURNAL))
    assert damaged.value.code == "journal-damaged"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CARDSERVICE_STATION_FOLDER", str(tmp_path / "station"))
    monkeypatch.setenv("CARDSERVICE_LANGUAGE", "en")
    (tmp_path / "station").mkdir()
    return tmp_path


def _report(*arguments: str) -> Result:
    return CliRunner().invoke(station_command, ["report", *arguments])


def test_the_command_shows_the_shift_and_writes_both_files_while_a_station_works(
    home: Path,
) -> None:
    clock = Clock()
    journal = JournalFile(home / "station" / JOURNAL, clock=clock)
    try:
        for entry in (StationStarted(), *made(1, 1), *made(2, 2)):
            journal.append(entry)
        result = _report("--pdf", str(home / "a.pdf"), "--csv", str(home / "a.csv"))
    finally:
        journal.close()
    assert result.exit_code == 0, result.output
    assert "Cards made: 2" in result.output
    assert (home / "a.pdf").read_bytes().startswith(b"%PDF-")
    rows = list(csv.reader((home / "a.csv").read_text().splitlines()))
    assert ["made", "2026-11-22T08:00:00+03:00", "1", "", "1"] in rows
    assert not list(home.glob("*.new"))


def test_the_command_takes_times_of_the_stations_zone(home: Path) -> None:
    clock = Clock()
    journal = JournalFile(home / "station" / JOURNAL, clock=clock)
    for entry in made(1, 1):
        journal.append(entry)
    journal.close()
    inside = _report("--since", "2026-11-22T08:00", "--until", "2026-11-22T09:00")
    outside = _report("--since", "2026-11-22T05:00", "--until", "2026-11-22T08:00")
    assert "Cards made: 1" in inside.output
    assert "Cards made: 0" in outside.output


@pytest.mark.usefixtures("home")
def test_the_command_says_what_to_do_where_there_is_no_journal() -> None:
    result = _report()
    assert result.exit_code == 5
    assert "There is no journal at" in result.output


@pytest.mark.usefixtures("home")
def test_the_command_refuses_an_end_before_its_begin() -> None:
    result = _report("--since", "2026-11-22T08:00", "--until", "2026-11-22T07:00")
    assert result.exit_code == 2


@pytest.mark.usefixtures("home")
def test_the_commands_help_has_an_example() -> None:
    result = _report("--help")
    assert "cardservice station report --pdf shift.pdf" in result.output
