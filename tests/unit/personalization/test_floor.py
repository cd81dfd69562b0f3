"""A floor: what its lanes do with good cards, and what an operator may wish."""

import pytest
from typing_extensions import override

from cardservice.personalization.jobs import Job, Work
from cardservice.personalization.journal import OrderGivenBack
from cardservice.personalization.journal_calls import LaneShare
from cardservice.personalization.lane_life import LaneEvent
from cardservice.personalization.lane_worker import Bin, JobDone, LaneFaultError
from cardservice.personalization.lanes import LaneState, Step
from cardservice.personalization.order import PreparedOrder
from tests.unit.personalization.floor_world import Card, Registry, Tray, World, job, serial


def cards(*numbers: int) -> list[Card]:
    return [Card(serial(number)) for number in numbers]


def world_at_work(jobs: int, *numbers: int) -> World:
    world = World(jobs=jobs)
    world.tray.lay_in(*cards(*numbers))
    return world


def test_every_order_is_made_once_on_a_card_of_its_own_and_told_of_in_order() -> None:
    world = world_at_work(3, 1, 2, 3).run(20)
    assert world.registry.told == ["o-1", "o-2", "o-3"]
    assert world.tray.bins == [(Bin.GOOD, serial(number)) for number in (1, 2, 3)]
    assert world.floor.view.made == 3
    assert world.state() == "no-order"


def test_a_lane_without_a_card_waits_for_one_and_says_for_which_job() -> None:
    world = world_at_work(1).run(3)
    lane = world.floor.view.lanes[0]
    assert (lane.state, lane.label, lane.work) == (LaneState.NO_CARD, "row 1", Work.NEW_CARD)


def test_the_journal_shows_how_far_the_card_is() -> None:
    world, steps = world_at_work(1, 5), []
    world.floor.subscribe(lambda: steps.append(world.floor.view.lanes[0].step))
    world.run(6)
    assert list(dict.fromkeys(steps)) == list(Step)
    assert world.floor.view.lanes[0].chip == ""


def test_the_view_is_a_new_value_after_every_change_and_the_old_one_stays() -> None:
    world = world_at_work(1, 1)
    before, called = world.floor.view, []
    end = world.floor.subscribe(lambda: called.append(world.floor.view.version))
    world.run(1)
    assert before.lanes[0].state is LaneState.STARTING
    assert called == sorted(set(called))
    end()
    seen = len(called)
    world.run(3)
    assert len(called) == seen


def test_a_follower_that_breaks_does_not_stop_a_lane() -> None:
    def breaks() -> None:
        raise RuntimeError("the page is closed")

    world = world_at_work(1, 1)
    world.floor.subscribe(breaks)
    assert world.run(8).registry.told == ["o-1"]


def test_a_table_ends_and_the_station_with_it() -> None:
    world = World(jobs=2, ends_when_dry=True)
    world.tray.lay_in(*cards(1, 2))
    world.run(20)
    assert world.state() == "closed"
    assert world.floor.view.finished


def test_a_registry_with_nothing_is_asked_again_later_but_not_all_the_time() -> None:
    world = World(jobs=0).run(10)
    assert world.registry.asks.count("take") == 1
    world.registry.queue.append(job(9))
    world.clock.pass_s(15)
    world.tray.lay_in(*cards(1))
    assert world.run(10).registry.told == ["o-9"]


def test_no_more_cards_are_made_than_were_wished_for() -> None:
    world = World(jobs=9, limit=2)
    world.tray.lay_in(*cards(*range(1, 9)))
    world.run(30)
    assert world.registry.told == ["o-1", "o-2"]
    assert len(world.registry.queue) == 7
    assert world.state() == "closed"


def test_jobs_are_taken_many_at_a_time() -> None:
    world = World(jobs=100, ahead=20)
    world.tray.lay_in(*cards(*range(1, 41)))
    world.run(3 * 40 + 2)
    assert world.floor.counts.made == 40
    assert world.registry.asks.count("take") <= 5


def test_a_pause_lets_the_card_in_hand_be_made_and_takes_no_other() -> None:
    world = world_at_work(3, 1, 2, 3)
    world.tray.during = world.floor.pause
    world.run(12)
    assert world.registry.told == ["o-1"]
    assert world.state() == "paused"
    world.tray.during = lambda: None
    world.floor.resume()
    assert world.run(12).registry.told == ["o-1", "o-2", "o-3"]


def test_a_pause_ends_the_wait_for_a_card_and_keeps_the_job() -> None:
    world = world_at_work(2).run(3)
    world.floor.pause(1)
    assert world.run(2).state() == "paused"
    world.floor.resume(1)
    world.tray.lay_in(*cards(1))
    assert world.run(4).registry.told == ["o-1"]


def test_a_skipped_job_goes_back_and_the_lane_gets_another() -> None:
    world = world_at_work(2).run(3)
    world.floor.skip(1)
    world.run(2)
    assert world.registry.given_back == ["o-1"]
    assert world.floor.view.lanes[0].label == "row 2"
    assert world.floor.supply.refused == {"o-1": "skipped"}


def test_a_job_that_was_skipped_is_not_taken_again() -> None:
    world = world_at_work(1).run(3)
    world.floor.skip(1)
    world.run(2)
    world.registry.queue.append(job(1))
    world.clock.pass_s(15)
    world.run(3)
    assert world.registry.given_back == ["o-1", "o-1"]
    assert world.floor.counts.in_hand == 0


@pytest.mark.parametrize("wish", [LaneEvent.SKIP, LaneEvent.REPEAT, LaneEvent.RESUME])
def test_a_wish_while_a_card_is_written_is_passed_over(wish: LaneEvent) -> None:
    world = world_at_work(2, 1, 2)
    world.tray.during = lambda: world.floor.lanes[0].wish(wish)
    world.run(12)
    assert world.registry.told == ["o-1", "o-2"]


def test_wishes_for_a_lane_that_there_is_not_are_harmless() -> None:
    world = world_at_work(1, 1)
    world.floor.skip(7)
    world.floor.pause(7)
    assert world.run(8).registry.told == ["o-1"]


def test_a_finishing_station_makes_the_card_in_hand_and_gives_back_the_rest() -> None:
    world = world_at_work(5, 1, 2, 3)
    world.tray.during = world.floor.finish
    world.run(12)
    assert world.registry.told == ["o-1"]
    assert sorted(world.registry.given_back) == ["o-2", "o-3", "o-4", "o-5"]
    assert world.state() == "closed"


def test_a_finishing_station_waits_until_the_last_card_is_taken_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = world_at_work(1, 1)
    # Nobody takes the card out: the release is asked whether to go on, and is not stopped.
    asked: list[bool] = []
    release = world.tray.release

    def slow(bin_: Bin, _: object) -> None:
        asked.append(world.floor.lanes[0]._is_stirred())
        release(bin_, lambda: False)

    monkeypatch.setattr(world.tray, "release", slow)
    world.tray.during = world.floor.finish
    world.run(8)
    assert asked == [False]
    assert world.state() == "closed"


def test_a_stopped_station_waits_for_nobody_who_was_to_put_a_card_back() -> None:
    world = world_at_work(2)
    world.tray.lay_in(Card(serial(1), faults={"data": "card-removed"}))
    world.run(4)
    world.floor.finish()
    assert world.run(3).state() == "put-back card-removed"
    world.floor.stop()
    assert world.run(3).state() == "closed"
    assert world.floor.counts.in_hand == 0
    assert sorted(world.registry.given_back) == ["o-1", "o-2"]


def test_what_was_begun_and_goes_back_is_noted_before_the_registry_is_told() -> None:
    world = world_at_work(1)
    world.tray.lay_in(Card(serial(1), faults={"data": "card-removed"}))
    world.run(4)
    world.floor.skip(1)
    world.run(2)
    assert world.entries()[-1] == OrderGivenBack(order="o-1")
    assert world.registry.given_back == ["o-1"]


def test_lanes_that_work_beside_each_other_never_have_the_same_job() -> None:
    world = World(jobs=8, lanes=4)
    for at, tray in enumerate(world.trays):
        tray.lay_in(*cards(10 * at + 1, 10 * at + 2))
    world.run(20)
    asked = [order for tray in world.trays for order in tray.asked]
    assert sorted(asked) == [f"o-{one}" for one in range(1, 9)]
    assert [lane.made for lane in world.floor.view.lanes] == [2, 2, 2, 2]


def test_work_on_a_card_that_there_is_needs_nothing_prepared() -> None:
    seen: list[bool] = []

    class Serving(Tray):
        @override
        def do(self, job: Job, prepared: PreparedOrder | None, share: LaneShare) -> JobDone:
            seen.append(prepared is None)
            raise LaneFaultError("held-card-terminated", "The card is terminated.")

    service = Job(order_id="s-1", work=Work.NEW_PIN, card_number=7, label="7")
    world = World(Registry([service]))
    tray = Serving(world.clock)
    world.floor.lanes[0]._worker = tray
    tray.lay_in(*cards(1))
    world.run(6)
    assert seen == [True]
    assert world.registry.given_back == ["s-1"]


def test_a_lane_that_breaks_in_an_unforeseen_way_stands_still_and_says_so() -> None:
    world = world_at_work(2, 1, 2)

    def breaks() -> None:
        raise ZeroDivisionError

    world.tray.during = breaks
    assert world.run(5).state() == "stopped internal"
    world.tray.during = lambda: None
    world.floor.resume(1)
    assert world.run(12).registry.told == ["o-1", "o-2"]


def test_a_reader_that_is_gone_stops_its_lane_and_no_other() -> None:
    world = World(jobs=4, lanes=2)
    world.trays[0].fault = LaneFaultError("reader-unavailable", "No reader.")
    world.trays[1].lay_in(*cards(1, 2, 3))
    world.run(14)
    assert world.state(1) == "stopped reader-unavailable"
    assert len(world.registry.told) == 3
    world.trays[0].fault = None
    world.trays[0].lay_in(*cards(9))
    world.floor.repeat(1)
    assert len(world.run(6).registry.told) == 4


def test_a_lane_whose_process_dies_while_it_waits_gets_another_but_not_for_ever() -> None:
    world = world_at_work(1).run(3)
    world.tray.fault = LaneFaultError("lane-died", "The process ended.")
    assert world.run(2).state() == "no-card"
    assert world.run(1).state() == "stopped lane-died"


def test_a_feeder_that_is_empty_too_soon_stops_its_lane() -> None:
    world = world_at_work(1).run(2)
    world.tray.fault = LaneFaultError("blank-missing", "The hopper is empty.")
    assert world.run(2).state() == "stopped blank-missing"
