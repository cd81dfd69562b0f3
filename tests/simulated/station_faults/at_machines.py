"""Faults at lanes with machines: what lies in a reader, the disk, the clock, the journal's end."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from shutil import disk_usage
from typing import Final

import pytest

from cardservice.errors import Refusal
from cardservice.home.issuer import utc_now
from cardservice.home.station_journal import booking_journal, journal_path, station_folder
from cardservice.personalization.journal import SpoiledReason
from cardservice.personalization.journal_frames import encode_frame
from cardservice.personalization.lanes import LaneState, Step
from cardservice.personalization.self_check_clock import ClockGuard
from simulators.card.making import blank_cells
from simulators.feeder import FeederFault, FeederFaults
from tests.chain import issued_card
from tests.simulated.station_faults.stage import Stage, all_stopped, stopped
from tests.simulated.station_floor.stations import SHORT_S, kill, until

OURS_NOT: Final = b"\xee" + bytes(7)  # the serial of a blank that nobody handed to this station
LOST: Final = b"\xdd" + bytes(7)  # of one that was received and is nowhere
ANOTHER_MASTER: Final = bytes(range(16))
PAGE: Final = 4096
CUT: Final = 20  # octets of a frame: its head is whole, its entry is not


def used_card(stage: Stage) -> None:
    """A card that another station made lies on the tray; it goes into the error bin."""
    stage.machine(stage.rows, odd=[issued_card().card.memory.cells()])
    stage.finish()


def foreign_card(stage: Stage) -> None:
    """A blank of another issuer, and one that was handed to another station."""
    of_another = blank_cells(b"\xef" + bytes(7), transport_master=ANOTHER_MASTER)
    stage.machine(stage.rows, odd=[of_another, blank_cells(OURS_NOT)])
    with stage.running() as floor:
        stopped(floor, "blank-foreign")
        floor.resume(1)  # the machine has laid it aside
        until(lambda: floor.view.finished)


def same_card_twice(stage: Stage) -> None:
    """A card that was made and told of is put onto the tray once more."""
    folder = stage.machine(stage.rows)
    _lose_a_blank(stage)
    with stage.running() as floor:
        until(lambda: floor.view.made >= 1)
        floor.pause(1)
        until(lambda: floor.view.lanes[0].state is LaneState.PAUSED)
        until(lambda: not any(one.order for one in stage.journal().unreported()))
        made = next((folder / "good").iterdir())
        made.rename(folder / "reader" / made.name)
        floor.resume(1)
        until(lambda: floor.view.finished)


def _lose_a_blank(stage: Stage) -> None:
    """Let the station wait for a card that may turn up used: then it looks whose a used card is."""
    stage.receive([LOST])
    with booking_journal(stage.settings) as journal:
        journal.spoil_blank(LOST, SpoiledReason.LOST)


def two_cards_with_one_serial(stage: Stage) -> None:
    """The maker gave two chips one serial number."""
    stage.machine(stage.rows + 1, faults=FeederFaults({1: FeederFault.TWIN}))
    with stage.running() as floor:
        stopped(floor, "chip-serial-twice")
        floor.resume(1)
        until(lambda: floor.view.finished)


def disk_full(stage: Stage) -> None:
    """The disk of the journal is full in the middle of a card, on both lanes."""
    filler = station_folder(stage.settings) / "filler"
    stage.machine(stage.rows)
    stage.machine(stage.rows)
    with stage.running() as floor:
        until(lambda: floor.view.made >= 1)
        _fill(filler)
        all_stopped(floor, "journal-full")
        assert not floor.view.finished
        filler.unlink()
        floor.resume()
        until(lambda: floor.view.finished)


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as filler, suppress(OSError):
        while filler.write(bytes(PAGE)):
            pass  # ends: the disk does
    assert disk_usage(file.parent).free == 0


def clock_jump(stage: Stage) -> None:
    """The clock is set forward by two hours, later back again; a person compares it each time."""
    stage.machine(stage.rows)
    stage.machine(stage.rows)
    clock = _Clock()
    with stage.running(clock.guard()) as floor:
        for moved in (timedelta(hours=2), timedelta()):
            until(lambda: floor.view.made >= 1)
            clock.moved = moved
            all_stopped(floor, "clock-wrong")
            made = floor.view.made
            assert made < stage.rows
            floor.resume()
            until(lambda made=made: floor.view.made > made)  # type: ignore[misc]
        until(lambda: floor.view.finished)


class _Clock:
    """A wall clock that somebody sets."""

    def __init__(self) -> None:
        self.moved = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.moved

    def guard(self) -> ClockGuard:
        return ClockGuard(self, lambda: utc_now().timestamp())


def damaged_tail(stage: Stage) -> None:
    """The journal's last entry is damaged, not cut, and a card is personalized and not made."""
    folder = stage.machine(stage.rows + 1)
    _end_over_a_card(stage)
    kept, story = journal_path(stage.settings), stage.journal()
    (begun,) = story.open_cards()
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + bytes((whole[-1] ^ 1,)))
    damaged = kept.read_bytes()
    with pytest.raises(Refusal) as refused, stage.running():
        pass
    stage.codes.add(refused.value.code)
    assert kept.read_bytes() == damaged, "a damaged journal is left as it is"
    # The remedy: keep the file, receive the blanks in another place and begin a new journal.
    stage.earlier.append(story)
    stage.change(station_folder=stage.path / "anew")
    made = {one.chip for one in story.cards.values() if not one.is_open}
    stage.receive({chip for chip, _ in stage.plastics()} - made)
    stage.finish()
    # The personalized card was refused: it is destroyed and booked as spoiled.
    (refused_card,) = (folder / "error").iterdir()
    refused_card.unlink()
    with booking_journal(stage.settings) as journal:
        journal.spoil_blank(begun.chip, SpoiledReason.BROKEN)


def _end_over_a_card(stage: Stage) -> None:
    """Let station and lane end when the second card is personalized, before it is checked."""
    with stage.running() as floor:

        def strike() -> None:
            (lane,) = floor.view.lanes
            if lane.made and lane.step is Step.VERIFY and lane.state is LaneState.WORKING:
                floor.stop()
                kill(floor.lanes[0]._worker)

        floor.subscribe(strike)
        assert floor.wait(SHORT_S)


def cut_tail(stage: Stage) -> None:
    """The last entry was cut by a power failure: nobody was told of it, and it is dropped."""
    stage.machine(stage.rows)
    _half_a_batch(stage)
    kept = journal_path(stage.settings)
    whole = kept.read_bytes()
    kept.write_bytes(whole + encode_frame(1 << 16, b"never written whole")[:CUT])
    stage.finish()
    assert kept.read_bytes().startswith(whole)


def _half_a_batch(stage: Stage) -> None:
    stage.limit = stage.rows // 2
    stage.finish()
    stage.limit = None
