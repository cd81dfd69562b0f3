"""Where a floor's jobs come from: outages, leases, and what was begun before a new start."""

import gc
import tracemalloc

import pytest

from cardservice.errors import Refusal
from cardservice.personalization.floor_supply import POLL_S, RETRY_S, open_orders
from cardservice.personalization.jobs import Job, Outcome, Work
from cardservice.personalization.journal import (
    CardMade,
    Intent,
    OrderGivenBack,
    ServiceBegun,
    ServiceDone,
    SpoiledReason,
)
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.recovery_lives import Standing
from tests.unit.personalization.floor_world import START, Card, Registry, World, job, serial

LEASE_S = 7200


def test_during_an_outage_the_lanes_work_on_what_they_have_and_tell_later_in_order() -> None:
    world = World(jobs=5, ahead=4)
    world.run(1)
    world.registry.outage = "registry-unreachable"
    world.tray.lay_in(*(Card(serial(one)) for one in range(1, 6)))
    world.run(14)
    assert world.floor.counts.made == 4
    assert world.registry.told == []
    assert world.floor.view.untold == 4
    assert world.floor.view.source_code == "registry-unreachable"
    world.registry.outage = ""
    world.clock.pass_s(RETRY_S)
    world.run(8)
    assert world.registry.told == ["o-1", "o-2", "o-3", "o-4", "o-5"]
    assert (world.floor.view.untold, world.floor.view.source_code) == (0, "")


def test_an_outcome_that_comes_about_while_others_are_told_is_not_shown_as_untold_for_ever() -> (
    None
):
    world = World(jobs=2, limit=1)
    tell = world.registry.tell

    def made_meanwhile(outcome: Outcome) -> None:
        world.floor.telling.added()  # by a lane, which then shows where it stands
        world.floor.lanes[0].turn()
        assert world.floor.view.untold
        tell(outcome)

    world.tray.lay_in(Card(serial(1)))
    world.run(1)
    world.lane_turns(1, 4)
    world.floor.telling.untold = 0  # as a tick before it saw it
    world.registry.tell = made_meanwhile  # type: ignore[method-assign]
    world.floor.tick_telling()
    assert world.registry.told == ["o-1"]
    assert world.floor.view.untold == 0


def test_a_registry_in_trouble_is_not_asked_each_time_a_lane_stirs() -> None:
    world = World(jobs=0)
    world.registry.outage = "registry-busy"
    world.run(10)
    assert world.registry.asks.count("take") == 1
    world.clock.pass_s(RETRY_S)
    world.run(10)
    assert world.registry.asks.count("take") == 2


def test_what_was_dropped_during_an_outage_goes_back_after_it() -> None:
    world = World(jobs=2).run(3)
    world.registry.outage = "registry-late"
    world.floor.skip(1)
    world.run(3)
    assert world.registry.given_back == []
    world.registry.outage = ""
    world.clock.pass_s(RETRY_S)
    assert world.run(2).registry.given_back == ["o-1"]


def test_leases_are_renewed_while_a_third_of_their_time_is_left_twice() -> None:
    world = World(jobs=1).run(2)
    world.clock.pass_s(LEASE_S / 3 - 1)
    assert "renew" not in world.run(1).registry.asks
    world.clock.pass_s(1)
    world.run(5)
    assert world.registry.asks.count("renew") == 1


def test_a_renewal_that_failed_is_tried_again_soon() -> None:
    world = World(jobs=1).run(2)
    world.clock.pass_s(LEASE_S / 3)
    world.registry.outage = "registry-unreachable"
    world.run(1)
    world.registry.outage = ""
    world.clock.pass_s(RETRY_S)
    world.run(1)
    assert world.registry.asks.count("renew") == 2


def test_a_lost_job_that_waits_is_dropped_and_the_lane_takes_another() -> None:
    world = World(jobs=3).run(3)
    world.registry.lost = ["o-1", "o-3"]
    world.clock.pass_s(LEASE_S / 3)
    world.run(4)
    assert world.floor.counts.lost == 2
    assert world.floor.view.lanes[0].label == "row 2"
    world.tray.lay_in(Card(serial(1)))
    assert world.run(5).registry.told == ["o-2"]


def test_a_lost_job_whose_card_is_being_made_is_made_to_its_end() -> None:
    world = World(jobs=1)
    world.tray.lay_in(Card(serial(1)))

    def lose() -> None:
        world.registry.lost = ["o-1"]
        world.clock.pass_s(LEASE_S)
        world.floor.tick_supply()

    world.tray.during = lose
    world.run(8)
    assert world.floor.counts.made == 1
    assert world.floor.counts.lost == 0


def test_a_lost_job_that_is_on_a_card_already_waits_for_that_card() -> None:
    world = World(jobs=1)
    torn = Card(serial(1), faults={"finalized": "card-removed"})
    world.tray.lay_in(torn)
    world.run(4)
    world.registry.lost = ["o-1"]
    world.clock.pass_s(LEASE_S / 3)
    world.tray.lay_in(torn)
    world.run(4)
    assert world.registry.told == ["o-1"]


def test_a_job_that_is_not_ours_any_more_cannot_be_given_back_and_is_forgotten() -> None:
    world = World(jobs=1).run(3)
    world.registry.ours.clear()
    world.floor.skip(1)
    world.run(3)
    assert (world.floor.counts.lost, world.floor.counts.in_hand) == (1, 0)


def test_a_registry_that_says_the_same_twice_gives_one_job() -> None:
    world = World(Registry([job(1), job(1)]))
    world.tray.lay_in(Card(serial(1)), Card(serial(2)))
    world.run(10)
    assert world.floor.counts.taken == 1
    assert world.registry.told == ["o-1"]


def test_a_job_that_is_made_already_is_not_taken_again() -> None:
    world = World(jobs=1)
    world.tray.lay_in(Card(serial(1)))
    world.run(6)
    world.registry.queue.append(job(1))
    world.clock.pass_s(POLL_S)
    world.run(3)
    assert world.floor.counts.taken == 1
    assert world.state() == "no-order"


def test_a_refusal_of_the_registry_is_shown_and_does_not_end_the_supply(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(jobs=1)

    def refuses(_: int) -> list[Job]:
        raise Refusal("not-signed-in", "The token is not known.")

    monkeypatch.setattr(world.registry, "take", refuses)
    assert world.run(2).floor.view.source_code == "not-signed-in"
    monkeypatch.undo()
    world.clock.pass_s(RETRY_S)
    assert world.run(2).floor.counts.taken == 1


@pytest.mark.parametrize("stage", ["keys", "data", "stored", "finalized", "made"])
def test_a_station_started_anew_asks_for_what_it_began_and_makes_it_with_its_number(
    stage: str,
) -> None:
    world = World(jobs=2)
    torn = Card(serial(1), faults={stage: "card-removed"})
    world.tray.lay_in(torn)
    world.run(4)
    # The registry allotted another number meanwhile; the one that was begun with stands.
    other = job(99)
    world.registry.ours["o-1"] = job(1, order=other.order)
    after = World(world.registry, journal=world.file)
    after.tray.lay_in(torn)
    after.run(6)
    life = after.journal.life_of(serial(1))
    first = job(1).order
    assert life is not None
    assert first is not None
    assert (life.standing, life.order) == (Standing.MADE, "o-1")
    assert life.number == first.card_number
    assert after.registry.told == ["o-1"]


def test_an_order_whose_card_was_given_up_is_made_with_the_number_it_comes_with_now() -> None:
    world = World(jobs=1)
    world.tray.lay_in(Card(serial(1), faults={"finalized": "card-removed"}))
    world.run(4)
    world.journal.give_up(serial(1), SpoiledReason.LOST)
    anew = job(77)
    world.registry.ours["o-1"] = job(1, order=anew.order)
    after = World(world.registry, journal=world.file)
    after.tray.lay_in(Card(serial(2)))
    after.run(6)
    life = after.journal.life_of(serial(2))
    assert life is not None
    assert anew.order is not None
    assert (life.order, life.number) == ("o-1", anew.order.card_number)


def test_what_another_station_has_meanwhile_is_given_back_in_the_journal() -> None:
    world = World(jobs=1)
    world.tray.lay_in(Card(serial(1), faults={"keys": "card-removed"}))
    world.run(4)
    world.registry.ours.clear()
    after = World(world.registry, journal=world.file).run(2)
    assert OrderGivenBack(order="o-1") in after.entries()
    assert after.floor.counts.taken == 0


def test_what_was_begun_is_asked_for_again_after_an_outage_at_the_start() -> None:
    world = World(jobs=1)
    world.tray.lay_in(Card(serial(1), faults={"keys": "card-removed"}))
    world.run(4)
    world.registry.outage = "registry-unreachable"
    after = World(world.registry, journal=world.file).run(2)
    world.registry.outage = ""
    after.clock.pass_s(RETRY_S)
    after.tray.lay_in(Card(serial(2)))
    assert after.run(6).registry.told == ["o-1"]


def test_open_orders_are_those_begun_and_neither_done_nor_given_back() -> None:
    file = MemoryJournal(lambda: START)
    for order in ("a", "b", "c"):
        file.append(Intent(order=order, lane=1, number=1))
    file.append(CardMade(chip=serial(1), order="a", number=1, signed_at=START))
    file.append(OrderGivenBack(order="b"))
    for order in ("s", "t"):
        work = Work.NEW_PIN.value
        file.append(ServiceBegun(order=order, chip=serial(2), number=2, work=work, signed_at=None))
    file.append(ServiceDone(order="s"))
    assert open_orders(file.entries()) == ["c", "t"]


def test_a_station_with_many_orders_behind_it_keeps_little_of_its_jobs() -> None:
    """What the floor itself remembers does not grow; the journal's memory is the journal's."""
    world = World(jobs=0)
    grown: list[int] = []
    for _ in range(2):
        world.registry.queue.extend(job(one) for one in range(1, 41))
        tracemalloc.start()
        for one in range(40):
            world.tray.lay_in(Card(serial(1_000 * len(grown) + one)))
            world.clock.pass_s(POLL_S)
            world.run(3)
        gc.collect()  # what nobody holds any more counts only until it is looked for
        sizes = tracemalloc.take_snapshot().filter_traces(
            [tracemalloc.Filter(inclusive=True, filename_pattern="*/personalization/floor*.py")]
        )
        tracemalloc.stop()
        grown.append(sum(one.size for one in sizes.statistics("filename")))
    assert max(grown) < 40_000
