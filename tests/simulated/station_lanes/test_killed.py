"""A lane's process, or the station's, is killed at any moment: nothing is lost, nothing doubled."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

import pytest

from cardservice.home.station_lane import ProcessLane
from cardservice.personalization.journal_calls import LaneShare
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.lane_worker import Bin, LaneFaultError
from cardservice.personalization.order import prepare
from cardservice.personalization.recovery import recover
from cardservice.personalization.recovery_lives import Standing
from cardservice.storage.journal_file_reading import kept_entries
from simulators.card import image
from simulators.feeder import open_hopper
from simulators.feeder.hopper import open_memory
from tests.simulated.station_lanes.lanes import Floor, Killing, a_job, make, never

PERSONALIZED: Final = 0x0F
POINTS: Final = 4
MOMENTS: Final = 6
LONGEST_S: Final = 0.03  # a card takes some 20 ms
GONE_S: Final = 10.0
SEED: Final = 6


def _make_killed(lane: ProcessLane, share: LaneShare, number: int) -> LaneFaultError | None:
    job = a_job(number)
    assert job.order is not None
    assert lane.await_card(never)
    try:
        lane.do(job, prepare(job.order), share)
    except LaneFaultError as fault:
        return fault
    return None


def _kill(lane: ProcessLane) -> None:
    if lane.process is not None:
        os.kill(lane.process, signal.SIGKILL)


def _finished(lane: ProcessLane, journal: StationJournal, number: int) -> bytes:
    """Put the card back, see it made, and no second one for its order; return its chip."""
    chip = make(lane, journal, a_job(number)).outcome.chip
    holder = journal.holder_of(f"order-{number}")
    assert holder is not None
    assert (holder.chip, holder.standing) == (chip, Standing.MADE)
    lane.release(Bin.GOOD, never)
    return chip


def test_killed_before_or_after_a_word_with_the_journal_a_card_is_made_once(
    floor: Floor,
) -> None:
    folder = floor.hopper(cards=100)
    lane = floor.lane(f"simfeed:{folder}")
    dice = random.Random(SEED)  # noqa: S311 - drawn again the same
    with floor.journal() as journal:
        whole = Killing(journal, lambda _: None)
        assert _make_killed(lane, whole, 1) is None
        lane.release(Bin.GOOD, never)
        points = [*dice.sample(range(1, whole.count), POINTS), whole.count]
        for number, point in enumerate(points, start=2):
            wanted = f"{dice.choice(('before', 'after'))} {point}"

            def strike(at: str, wanted: str = wanted) -> None:
                if at == wanted:
                    _kill(lane)

            fault = _make_killed(lane, Killing(journal, strike), number)
            assert fault is not None
            assert fault.code == "lane-died"
            _finished(lane, journal, number)
    lane.close()
    _expect_conserved(floor, folder, made=len(points) + 1)


def test_killed_at_any_moment_a_card_is_made_once(floor: Floor) -> None:
    folder = floor.hopper(cards=100)
    lane = floor.lane(f"simfeed:{folder}")
    moments = random.Random(SEED)  # noqa: S311 - drawn again the same
    with floor.journal() as journal:
        for number in range(1, MOMENTS + 1):
            assert lane.await_card(never)
            timer = threading.Timer(moments.uniform(0, LONGEST_S), _kill, [lane])
            timer.start()
            _make_killed(lane, LaneShare(journal), number)
            timer.join()
            holder = journal.holder_of(f"order-{number}")
            if holder is None or holder.standing is not Standing.MADE:
                _finished(lane, journal, number)
            else:
                lane.release(Bin.GOOD, never)
    lane.close()
    _expect_conserved(floor, folder, made=MOMENTS)


def _expect_conserved(floor: Floor, folder: Path, *, made: int) -> None:
    recovery = recover(kept_entries(floor.path / "journal"))
    standings = [life.standing for life in recovery.cards.values()]
    assert standings.count(Standing.MADE) == made == len(standings)
    with open_hopper(folder) as place:
        cards = [*place.cards_in("good"), *place.cards_in("reader")]
        assert len(cards) == made
        states = {(open_memory(card).get(image.LIFE_CYCLE) or b"")[0] for card in cards}
    assert states == {PERSONALIZED}


def test_a_lane_ends_with_its_station_and_the_next_station_finishes_the_card(
    floor: Floor,
) -> None:
    folder = floor.hopper()
    command = [sys.executable, "-m", "tests.simulated.station_lanes.dying_station"]
    station = subprocess.Popen(
        [*command, str(floor.path), str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert station.stdout is not None
    with station, station.stdout:
        process = int(station.stdout.readline())
        station.kill()
    end = time.monotonic() + GONE_S
    while not _gone(process):
        assert time.monotonic() < end, "the lane outlives its station"
        time.sleep(0.02)
    with floor.journal() as journal:
        assert journal.open_cards()
        _finished(floor.lane(f"simfeed:{folder}"), journal, 1)
        assert not journal.open_cards()


def _gone(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return True
    return state.rpartition(") ")[2].startswith("Z")


@pytest.mark.parametrize("stopped", ["killed", "stood still"])
def test_a_lane_that_does_not_answer_any_more_is_begun_anew(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, stopped: str
) -> None:
    monkeypatch.setattr("cardservice.home.station_lane.ANSWER_S", 1.0)
    lane = floor.lane("sim:")
    assert lane.await_card(never)
    first = lane.process
    assert first is not None
    os.kill(first, signal.SIGKILL if stopped == "killed" else signal.SIGSTOP)
    assert lane.await_card(never)
    assert _gone(first)
    assert lane.process != first
