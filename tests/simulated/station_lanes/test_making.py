"""Cards made by lanes in processes of their own."""

import os
import signal
from pathlib import Path

import pytest

from cardservice.keystores.passphrase import VARIABLE
from cardservice.personalization.jobs import Job, Work
from cardservice.personalization.journal_calls import LaneShare
from cardservice.personalization.lane_worker import Bin, LaneFaultError
from simulators.feeder import open_hopper
from simulators.feeder.hopper import FIRST_SERIAL
from tests.simulated.station_lanes.lanes import PASSPHRASE, Floor, a_job, make, never


def test_a_lane_makes_card_after_card_out_of_its_hopper(floor: Floor) -> None:
    folder = floor.hopper(cards=2)
    lane = floor.lane(f"simfeed:{folder}")
    with floor.journal() as journal:
        for number in (1, 2):
            done = make(lane, journal, a_job(number))
            life = journal.life_of(done.outcome.chip)
            assert life is not None
            assert (life.order, life.number) == (done.outcome.order_id, done.outcome.number)
            assert done.outcome.chip == (FIRST_SERIAL + number - 1).to_bytes(8)
            assert done.effort.commands > 0
            lane.release(Bin.GOOD, never)
        with pytest.raises(LaneFaultError) as fault:
            lane.await_card(never)
    assert fault.value.code == "hopper-empty"
    lane.close()
    with open_hopper(folder) as place:
        assert [len(place.cards_in(name)) for name in ("reader", "good", "error")] == [0, 2, 0]


def test_a_card_that_stays_is_there_for_the_next_job(floor: Floor) -> None:
    lane = floor.lane(f"simfeed:{floor.hopper()}")
    with floor.journal() as journal:
        made = make(lane, journal, a_job()).outcome
        lane.release(Bin.STAY, never)
        assert lane.await_card(never)
        ended = Job(order_id="order-2", work=Work.TERMINATE, card_number=made.number)
        served = lane.do(ended, None, LaneShare(journal)).outcome
        assert (served.chip, served.work) == (made.chip, Work.TERMINATE)
        with pytest.raises(LaneFaultError):
            lane.do(a_job(3), None, LaneShare(journal))


def test_a_reader_with_another_card_each_time_needs_no_feeder(floor: Floor) -> None:
    lane = floor.lane("sim:")
    with floor.journal() as journal:
        chips = {make(lane, journal, a_job(number)).outcome.chip for number in (1, 2)}
        lane.release(Bin.GOOD, never)
    assert len(chips) == 2


def test_what_opens_the_keys_is_in_no_argument_and_no_variable(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, PASSPHRASE)
    lane = floor.lane("sim:")
    assert lane.await_card(never)
    place = Path(f"/proc/{lane.process}")
    said = (place / "cmdline").read_bytes() + (place / "environ").read_bytes()
    assert PASSPHRASE.encode() not in said
    assert b"PATH" in said
    limits = (place / "limits").read_text()
    assert limits.partition("Max core file size")[2].split()[:2] == ["0", "0"]


def test_signals_that_mean_the_station_leave_its_lanes_at_work(floor: Floor) -> None:
    lane = floor.lane("sim:")
    assert lane.await_card(never)
    process = lane.process
    assert process is not None
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(process, number)
    with floor.journal() as journal:
        make(lane, journal, a_job())
    assert lane.process == process


def test_a_closed_lane_has_no_process_and_begins_another_when_asked(floor: Floor) -> None:
    lane = floor.lane("sim:")
    assert lane.await_card(never)
    first = lane.process
    lane.close()
    lane.close()
    assert lane.process is None
    assert lane.await_card(never)
    assert lane.process not in (None, first)


def test_a_stopped_wait_says_so(floor: Floor) -> None:
    assert not floor.lane("sim:").await_card(lambda: True)
