"""What goes wrong in a lane: each fault has its code, its chip where it is known, and an end."""

import os
import signal
from typing import Any

import pytest
from typing_extensions import override

from cardservice.errors import Refusal
from cardservice.personalization.jobs import Job, Work
from cardservice.personalization.journal import ChipKeyMade
from cardservice.personalization.journal_calls import LaneShare
from cardservice.personalization.lane_worker import Bin, LaneFaultError
from cardservice.settings import load_settings
from simulators.feeder import FeederFault, FeederFaults
from simulators.feeder.hopper import FIRST_SERIAL
from tests.simulated.station_lanes.lanes import Floor, a_job, make, never


def fault_of(floor: Floor, reader: str = "sim:", **lane: Any) -> LaneFaultError:
    with floor.journal() as journal, pytest.raises(LaneFaultError) as fault:
        make(floor.lane(reader, **lane), journal, a_job())
    return fault.value


def test_a_wrong_passphrase_is_told_by_code_and_never_quoted(floor: Floor) -> None:
    fault = fault_of(floor, passphrase="something else")  # noqa: S106 - it opens nothing
    assert fault.code == "keys-unavailable"
    assert "something else" not in fault.sentence


def test_production_refuses_a_home_for_demonstration(floor: Floor) -> None:
    floor.settings = load_settings(home=floor.settings.home, production=True)
    assert fault_of(floor).code == "demonstration-home"


def test_a_reader_that_is_not_there_is_told(floor: Floor) -> None:
    assert fault_of(floor, f"simfeed:{floor.path / 'nowhere'}").code == "feeder-fault"
    assert fault_of(floor, "sim:nowhere.card").code == "reader-unavailable"


def test_a_jam_stops_the_lane_and_the_card_comes_when_it_was_seen_to(floor: Floor) -> None:
    faults = FeederFaults({0: FeederFault.JAM})
    lane = floor.lane(f"simfeed:{floor.hopper(faults=faults)}")
    with pytest.raises(LaneFaultError) as fault:
        lane.await_card(never)
    assert (fault.value.code, "jam" in fault.value.sentence) == ("feeder-fault", True)
    with floor.journal() as journal:
        assert make(lane, journal, a_job()).outcome.chip == FIRST_SERIAL.to_bytes(8)


def test_two_cards_with_one_serial_are_told_with_that_serial(floor: Floor) -> None:
    faults = FeederFaults({1: FeederFault.TWIN})
    lane = floor.lane(f"simfeed:{floor.hopper(faults=faults)}")
    with floor.journal() as journal:
        first = make(lane, journal, a_job(1)).outcome.chip
        lane.release(Bin.GOOD, never)
        with pytest.raises(LaneFaultError) as fault:
            make(lane, journal, a_job(2))
        assert (fault.value.code, fault.value.chip) == ("chip-serial-twice", first)
        lane.release(Bin.ERROR, never)
        assert make(lane, journal, a_job(2)).outcome.chip != first


class Refusing(LaneShare):
    """A share of a journal that breaks at the chip's key."""

    error: Exception = Refusal("journal-full", "No room.")

    @override
    def ask(self, name: str, arguments: tuple[Any, ...]) -> Any:
        if arguments and isinstance(arguments[0], ChipKeyMade):
            raise self.error
        return super().ask(name, arguments)


def test_what_the_journal_refuses_ends_the_card_with_the_journal_s_code(floor: Floor) -> None:
    lane = floor.lane(f"simfeed:{floor.hopper()}")
    with floor.journal() as journal:
        assert lane.await_card(never)
        with pytest.raises(LaneFaultError) as fault:
            lane.do(a_job(), None, Refusing(journal))
        assert (fault.value.code, fault.value.chip) == ("journal-full", FIRST_SERIAL.to_bytes(8))
        make(lane, journal, a_job())  # nothing is held by the lane that failed
    assert lane.process is not None


def test_a_station_that_fails_in_the_middle_leaves_no_half_spoken_lane(floor: Floor) -> None:
    class Broken(Refusing):
        error = ZeroDivisionError()

    lane = floor.lane(f"simfeed:{floor.hopper()}")
    with floor.journal() as journal:
        assert lane.await_card(never)
        with pytest.raises(ZeroDivisionError):
            lane.do(a_job(), None, Broken(journal))
        assert lane.process is None
        make(lane, journal, a_job())


def test_a_slow_card_is_given_up_and_made_when_it_is_put_back(floor: Floor) -> None:
    folder = floor.hopper(time="real:slowest")
    quick, floor.settings = (
        floor.settings,
        load_settings(home=floor.settings.home, card_time_budget_s=0.5),
    )
    with floor.journal() as journal:
        slow = floor.lane(f"simfeed:{folder}")
        with pytest.raises(LaneFaultError) as fault:
            make(slow, journal, a_job())
        assert fault.value.code == "card-too-slow"
        slow.close()
        floor.settings = quick
        make(floor.lane(f"simfeed:{folder}"), journal, a_job())


def test_a_lane_that_stands_still_over_a_card_is_killed(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cardservice.home.station_lane.GRACE_S", 0.2)
    floor.settings = load_settings(home=floor.settings.home, card_time_budget_s=1)
    lane = floor.lane(f"simfeed:{floor.hopper()}")

    class Stopping(LaneShare):
        @override
        def ask(self, name: str, arguments: tuple[Any, ...]) -> Any:
            assert lane.process is not None
            os.kill(lane.process, signal.SIGSTOP)
            return super().ask(name, arguments)

    with floor.journal() as journal:
        assert lane.await_card(never)
        with pytest.raises(LaneFaultError) as fault:
            lane.do(a_job(), None, Stopping(journal))
        assert fault.value.code == "card-too-slow"
        assert lane.process is None
        make(lane, journal, a_job())


def test_a_new_number_that_nobody_would_learn_is_not_drawn(floor: Floor) -> None:
    lane = floor.lane(f"simfeed:{floor.hopper()}")
    with floor.journal() as journal:
        made = make(lane, journal, a_job()).outcome
        for work in (Work.NEW_PIN, Work.NEW_CAN):
            job = Job(order_id="order-2", work=work, card_number=made.number)
            with pytest.raises(LaneFaultError) as fault:
                lane.do(job, None, LaneShare(journal))
            assert fault.value.code == "printer-missing"


def test_a_fault_of_the_program_is_told_by_kind_and_place_alone(floor: Floor) -> None:
    lane = floor.lane(f"simfeed:{floor.hopper()}")
    assert lane.await_card(never)
    with floor.journal() as journal, pytest.raises(LaneFaultError) as fault:
        lane.do("secret of a holder", None, LaneShare(journal))  # type: ignore[arg-type]
    assert fault.value.code == "internal"
    assert "AttributeError at station_lane_hands.py" in fault.value.sentence
    assert "secret" not in fault.value.sentence
