"""The desk's own time: what proves it, what carries it on, and what it falls back to."""

from datetime import timedelta

import pytest

from cardservice.desk.proven_time import LONGEST_JOURNEY, SLEEP, STEP_BACK, TimeBound
from cardservice.desk.signed_time import TimeFault, TimeProofError
from cardservice.domain.proven_time import TimeGrade
from cardservice.pki.trust import CLOCK_TOLERANCE
from tests.unit.desk.world import HOUR, MINUTE, SECOND, Pc
from tests.unit.pki.office import NOW

PROVEN, AT_LEAST, UNKNOWN = TimeGrade.PROVEN, TimeGrade.AT_LEAST, TimeGrade.UNKNOWN


def test_a_desk_that_was_never_told_the_time_does_not_know_it() -> None:
    moment = Pc().start().now()
    assert (moment.at, moment.grade, moment.since_proof) == (NOW, UNKNOWN, None)


def test_a_signed_time_is_carried_on_by_the_clock_that_never_goes_back() -> None:
    pc = Pc()
    time = pc.start()
    assert pc.prove(time, NOW).grade is PROVEN
    pc.clocks.run(HOUR)
    moment = time.now()
    assert (moment.at, moment.grade, moment.since_proof) == (NOW + HOUR, PROVEN, HOUR)


def test_the_journey_of_the_answer_makes_the_time_early_and_never_late() -> None:
    pc = Pc()
    moment = pc.prove(pc.start(), NOW, journey=8)
    assert moment.at == NOW


def test_what_passed_between_receipt_and_proof_is_counted() -> None:
    pc = Pc()
    time = pc.start()
    received = pc.clocks.monotonic
    pc.clocks.run(3 * SECOND)
    moment = time.proved(NOW, sent_at_monotonic=received, received_at_monotonic=received)
    assert moment.at == NOW + 3 * SECOND


def test_the_pcs_clock_is_not_asked_while_the_time_is_proven() -> None:
    pc = Pc()
    time = pc.start()
    pc.prove(time, NOW)
    pc.clocks.wall -= timedelta(days=400)
    assert (time.now().at, time.now().grade) == (NOW, PROVEN)


def test_after_a_start_the_pcs_clock_is_believed_above_the_bound_and_only_there() -> None:
    pc = Pc(disk=[TimeBound(at=NOW, proved_at=NOW)])
    pc.clocks.wall = NOW + 2 * HOUR
    moment = pc.start().now()
    assert (moment.at, moment.grade, moment.since_proof) == (NOW + 2 * HOUR, AT_LEAST, 2 * HOUR)
    pc.clocks.wall = NOW - CLOCK_TOLERANCE - SECOND
    moment = pc.start().now()
    assert (moment.at, moment.grade) == (NOW, UNKNOWN)


def test_a_pc_clock_that_is_a_little_slow_stands_for_the_bound_itself() -> None:
    pc = Pc(disk=[TimeBound(at=NOW, proved_at=NOW)])
    pc.clocks.wall = NOW - CLOCK_TOLERANCE
    moment = pc.start().now()
    assert (moment.at, moment.grade) == (NOW, AT_LEAST)


def test_the_bound_runs_on_while_the_time_is_unknown() -> None:
    pc = Pc(disk=[TimeBound(at=NOW, proved_at=NOW - HOUR)])
    pc.clocks.wall = NOW - HOUR
    time = pc.start()
    pc.clocks.run(10 * MINUTE)
    moment = time.now()
    assert (moment.at, moment.since_proof) == (NOW + 10 * MINUTE, HOUR + 10 * MINUTE)


def test_a_sleep_of_the_machine_ends_the_proof_until_the_next_one() -> None:
    pc = Pc()
    time = pc.start()
    pc.prove(time, NOW)
    pc.clocks.sleep(SLEEP)
    assert time.now().grade is PROVEN
    pc.clocks.sleep(2 * HOUR)
    moment = time.now()
    assert (moment.grade, moment.at) == (AT_LEAST, pc.clocks.wall)
    assert moment.since_proof == 2 * HOUR + SLEEP
    assert pc.prove(time, pc.clocks.wall).grade is PROVEN


def test_a_clock_that_counts_sleep_keeps_the_proof() -> None:
    pc = Pc()
    time = pc.start()
    pc.prove(time, NOW)
    pc.clocks.run(timedelta(days=2))
    assert time.now().grade is PROVEN


@pytest.mark.parametrize("journey", [LONGEST_JOURNEY.total_seconds() + 1, -1.0])
def test_an_answer_that_was_held_back_proves_nothing(journey: float) -> None:
    pc = Pc()
    time = pc.start()
    with pytest.raises(TimeProofError) as caught:
        time.proved(
            NOW,
            sent_at_monotonic=pc.clocks.monotonic - journey,
            received_at_monotonic=pc.clocks.monotonic,
        )
    assert caught.value.fault is TimeFault.TOO_LATE
    assert time.now().grade is UNKNOWN


def test_an_answer_received_in_the_future_proves_nothing() -> None:
    pc = Pc()
    at = pc.clocks.monotonic + 1
    with pytest.raises(TimeProofError):
        pc.start().proved(NOW, sent_at_monotonic=at, received_at_monotonic=at)


def test_a_signed_time_before_the_bound_is_refused_and_changes_nothing() -> None:
    pc = Pc(disk=[TimeBound(at=NOW, proved_at=NOW)])
    time = pc.start()
    with pytest.raises(TimeProofError) as caught:
        pc.prove(time, NOW - STEP_BACK - SECOND)
    assert caught.value.fault is TimeFault.WENT_BACK
    assert time.now().grade is AT_LEAST


def test_of_two_servers_whose_clocks_differ_a_little_the_later_time_stays() -> None:
    pc = Pc()
    time = pc.start()
    pc.prove(time, NOW)
    moment = pc.prove(time, NOW - STEP_BACK)
    assert (moment.at, moment.grade) == (NOW, PROVEN)


def test_the_bound_is_kept_once_a_minute_on_another_day_and_at_the_stop() -> None:
    pc = Pc()
    time = pc.start()
    pc.prove(time, NOW)
    assert len(pc.disk) == 1
    pc.clocks.run(MINUTE - SECOND)
    time.keep_if_due()
    assert len(pc.disk) == 1
    pc.clocks.run(SECOND)
    time.keep_if_due()
    assert pc.disk[-1] == TimeBound(at=NOW + MINUTE, proved_at=NOW)
    pc.clocks.run(SECOND)
    time.stop()
    assert pc.disk[-1].at == NOW + MINUTE + SECOND
    time.stop()
    assert len(pc.disk) == 3


def test_another_day_is_kept_at_once() -> None:
    midnight = NOW.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    pc = Pc()
    pc.clocks.wall = midnight - SECOND
    time = pc.start()
    pc.prove(time, midnight - SECOND)
    pc.clocks.run(SECOND)
    time.keep_if_due()
    assert [one.at for one in pc.disk] == [midnight - SECOND, midnight]


def test_a_desk_that_knows_nothing_keeps_nothing() -> None:
    pc = Pc()
    time = pc.start()
    time.keep_if_due()
    time.stop()
    assert pc.disk == []


def test_anything_verified_says_how_late_it_is_at_least() -> None:
    pc = Pc()
    pc.clocks.wall = NOW - HOUR
    time = pc.start()
    time.not_before(NOW)
    assert (time.now().grade, time.now().at, time.now().since_proof) == (UNKNOWN, NOW, None)
    time.not_before(NOW - HOUR)
    assert time.now().at == NOW


def test_a_list_that_is_ahead_of_a_proven_time_does_not_end_the_proof() -> None:
    pc = Pc()
    time = pc.start()
    pc.prove(time, NOW)
    time.not_before(NOW + MINUTE)
    assert (time.now().grade, time.now().at) == (PROVEN, NOW)
