"""What the lanes of a floor do after a fault: every reaction, and nothing lost."""

from dataclasses import replace

import pytest

from cardservice.errors import Refusal
from cardservice.personalization.journal import BlanksReceived, CardSpoiled, SpoiledReason
from cardservice.personalization.lane_faults import REACTIONS, Reaction
from cardservice.personalization.lane_worker import Bin, LaneFaultError
from cardservice.personalization.recovery_lives import Standing
from tests.unit.personalization.floor_world import Card, World, job, serial

PUT_BACK, REJECT = Reaction.PUT_BACK, Reaction.REJECT
_EXPLAINED_ELSEWHERE = {"in-hand", "order-on-another-card", "order-made"}


def codes(*reactions: Reaction) -> list[str]:
    return sorted(code for code, one in REACTIONS.items() if one in reactions)


def broken(number: int, stage: str, code: str) -> Card:
    return Card(serial(number), faults={stage: code})


def test_a_card_that_was_pulled_out_is_finished_when_it_comes_back() -> None:
    world = World(jobs=2)
    card = broken(1, "finalized", "card-removed")
    world.tray.lay_in(card)
    assert world.run(4).state() == "put-back card-removed"
    world.tray.lay_in(card)
    world.run(4)
    assert world.registry.told == ["o-1"]
    assert world.floor.view.made == 1


def test_another_card_may_come_instead_of_one_that_holds_nothing_yet() -> None:
    world = World(jobs=1)
    world.tray.lay_in(broken(1, "keys", "card-removed"), Card(serial(2)))
    world.run(8)
    assert world.registry.told == ["o-1"]
    assert world.tray.bins[-1] == (Bin.GOOD, serial(2))


def test_a_blank_instead_of_the_card_that_holds_the_order_is_used_for_the_next_order() -> None:
    world = World(jobs=2)
    torn = broken(1, "finalized", "card-removed")
    world.tray.lay_in(torn, Card(serial(2)))
    world.run(8)
    assert world.registry.told == ["o-2"]
    assert world.state() == "put-back"
    assert world.floor.view.lanes[0].chip == serial(1).hex().upper()
    world.tray.lay_in(torn)
    assert world.run(6).registry.told == ["o-2", "o-1"]


def test_a_blank_is_not_wasted_on_an_order_whose_card_is_elsewhere() -> None:
    world = World(jobs=1)
    torn = broken(1, "finalized", "card-removed")
    world.tray.lay_in(torn, Card(serial(2)))
    world.run(8)
    assert world.state() == "stopped order-on-another-card"
    assert world.floor.view.lanes[0].chip == serial(1).hex().upper()
    assert world.tray.card is not None
    assert world.tray.card.chip == serial(2)
    world.tray.card = torn
    world.floor.repeat(1)
    assert world.run(4).registry.told == ["o-1"]


@pytest.mark.parametrize("code", codes(REJECT))
def test_a_card_that_is_refused_goes_into_the_error_bin_and_the_job_gets_another(
    code: str,
) -> None:
    world = World(jobs=1)
    world.tray.lay_in(broken(1, "open", code), Card(serial(2)))
    world.run(8)
    assert world.tray.bins == [(Bin.ERROR, serial(1)), (Bin.GOOD, serial(2))]
    assert world.registry.told == ["o-1"]


def test_a_refused_card_that_holds_the_order_keeps_it_until_somebody_decides() -> None:
    world = World(jobs=2)
    bad = broken(1, "finalized", "card-malformed")
    world.tray.lay_in(bad, Card(serial(2)))
    world.run(8)
    assert world.registry.told == ["o-2"]
    assert world.tray.asked == ["o-1", "o-2"]
    assert world.floor.counts.in_hand == 1
    world.tray.lay_in(bad)
    assert world.run(6).registry.told == ["o-2", "o-1"]


def test_a_card_that_is_not_as_ordered_is_spoiled_and_its_order_asked_for_anew() -> None:
    world = World(jobs=2)
    world.tray.lay_in(broken(1, "finalized", "card-not-as-ordered"), Card(serial(2)))
    world.run(10)
    entry = CardSpoiled(chip=serial(1), reason=SpoiledReason.NOT_AS_ORDERED)
    assert entry in world.entries()
    assert world.tray.bins == [(Bin.ERROR, serial(1)), (Bin.GOOD, serial(2))]
    assert (world.floor.counts.spoiled, world.floor.view.spoiled) == (1, 1)
    assert world.registry.told == ["o-1", "o-2"]
    assert world.journal.number_of("o-1") is None


def test_an_order_that_comes_again_after_a_spoiled_card_has_its_new_number() -> None:
    world = World(jobs=1)
    world.tray.lay_in(broken(1, "finalized", "card-not-as-ordered"))
    world.run(6)
    anew = job(77)
    world.registry.queue.append(job(1, order=anew.order))
    world.clock.pass_s(15)
    world.tray.lay_in(Card(serial(2)))
    world.run(8)
    made = world.journal.life_of(serial(2))
    assert made is not None
    assert made.order == "o-1"
    assert anew.order is not None
    assert made.number == anew.order.card_number


def test_a_spoiled_card_that_turns_up_is_ended_and_counts_once() -> None:
    world = World(jobs=2)
    bad = broken(1, "finalized", "card-not-as-ordered")
    world.tray.lay_in(bad, bad, Card(serial(2)))
    world.run(12)
    life = world.journal.life_of(serial(1))
    assert life is not None
    assert life.standing is Standing.ENDED
    assert world.floor.view.spoiled == 1
    assert world.registry.told == ["o-1", "o-2"]


@pytest.mark.parametrize("code", ["card-refused", "card-not-as-ordered", "card-removed"])
def test_three_cards_in_a_row_that_come_to_nothing_stop_the_lane(code: str) -> None:
    world = World(jobs=9)
    world.tray.lay_in(*(broken(one, "open", code) for one in range(1, 9)))
    world.run(20)
    assert world.state() == f"stopped {code}"
    assert len(world.tray.asked) == 3
    world.floor.resume(1)
    world.run(20)
    assert len(world.tray.asked) >= 6


def test_a_good_card_between_two_bad_ones_lets_the_lane_go_on() -> None:
    world = World(jobs=9)
    bad = [broken(one, "open", "card-refused") for one in range(1, 5)]
    world.tray.lay_in(bad[0], bad[1], Card(serial(11)), bad[2], bad[3], Card(serial(12)))
    world.run(30)
    assert world.registry.told == ["o-1", "o-2"]


def test_the_card_of_another_order_gets_that_order_and_the_first_one_waits() -> None:
    world = World(jobs=2)
    torn = broken(1, "finalized", "card-removed")
    world.tray.lay_in(torn)
    world.run(4)
    world.floor.skip(1)
    world.tray.lay_in(torn, Card(serial(2)))
    world.run(10)
    assert world.tray.asked == ["o-1", "o-2", "o-1", "o-2"]
    assert world.registry.told == ["o-1", "o-2"]


def test_a_card_put_back_into_another_lane_is_finished_there() -> None:
    world = World(jobs=2, lanes=2)
    torn = broken(1, "finalized", "card-removed")
    world.trays[0].lay_in(torn)
    assert world.run(4).state(1) == "put-back card-removed"
    world.trays[1].lay_in(torn)
    world.run(5)
    assert world.registry.told == ["o-1"]
    assert world.floor.view.lanes[1].made == 1
    world.trays[0].lay_in(Card(serial(2)))
    assert world.run(6).registry.told == ["o-1", "o-2"]


def test_the_card_of_an_order_that_is_not_to_be_had_is_laid_aside() -> None:
    world = World(jobs=1)
    torn = broken(1, "finalized", "card-removed")
    world.tray.lay_in(torn)
    world.run(4)
    after = World(world.registry, journal=world.file)
    after.registry.ours.clear()
    after.registry.queue.append(job(2))
    after.tray.lay_in(torn, Card(serial(2)))
    after.run(9)
    assert after.tray.bins == [(Bin.ERROR, serial(1)), (Bin.GOOD, serial(2))]
    assert after.registry.told == ["o-2"]


@pytest.mark.parametrize("code", sorted(set(codes(Reaction.DROP_JOB)) - _EXPLAINED_ELSEWHERE))
def test_a_job_that_cannot_be_done_goes_back_and_its_card_is_for_the_next(code: str) -> None:
    world = World(jobs=2)
    world.tray.lay_in(broken(1, "open", code))
    world.run(8)
    assert world.registry.given_back == ["o-1"]
    assert world.floor.supply.refused == {"o-1": code}
    assert world.registry.told == ["o-2"]
    assert world.tray.bins == [(Bin.GOOD, serial(1))]


@pytest.mark.parametrize("code", codes(Reaction.STOP_LANE))
def test_a_fault_that_somebody_has_to_look_at_stops_the_lane_and_keeps_the_job(code: str) -> None:
    world = World(jobs=2, lanes=2)
    world.trays[0].lay_in(broken(1, "open", code), Card(serial(3)))
    world.trays[1].lay_in(Card(serial(2)))
    world.run(6)
    assert world.state(1) == f"stopped {code}"
    assert world.registry.told == ["o-2"]
    world.floor.repeat(1)
    assert world.run(6).registry.told == ["o-2", "o-1"]


@pytest.mark.parametrize("code", ["chip-serial-twice", "blank-foreign"])
def test_a_card_that_is_in_the_way_of_a_stopped_lane_goes_into_the_error_bin(code: str) -> None:
    world = World(jobs=1)
    world.tray.lay_in(broken(1, "open", code))
    world.run(6)
    assert world.tray.bins == [(Bin.ERROR, serial(1))]


def test_a_card_whose_print_failed_counts_as_made_and_does_not_pass_as_good() -> None:
    world = World(jobs=2)
    world.tray.lay_in(broken(1, "printed", "print-failed"))
    world.run(6)
    assert world.state() == "stopped print-failed"
    assert world.tray.bins == [(Bin.ERROR, serial(1))]
    assert world.registry.told == ["o-1"]
    assert (world.floor.counts.made, world.floor.view.made) == (1, 1)


@pytest.mark.parametrize("code", [*codes(Reaction.STOP_STATION), "hsm-session-lost"])
def test_what_all_lanes_stand_on_stops_them_all_after_their_cards(code: str) -> None:
    world = World(jobs=4, lanes=2)
    world.trays[1].lay_in(Card(serial(2)), Card(serial(3)))
    world.trays[0].lay_in(broken(1, "open", code))
    world.run(3)
    assert world.state(1) == f"stopped {code}"
    world.run(6)
    assert world.state(2) == f"stopped {code}"
    assert world.floor.view.made <= 1
    world.floor.resume()
    world.trays[0].lay_in(Card(serial(4)))
    world.run(14)
    assert world.floor.view.made == 4 - len(world.floor.supply.refused)


def test_the_same_card_put_in_once_more_is_refused_and_spoils_nothing() -> None:
    world = World(jobs=2)
    card = Card(serial(1))
    world.tray.lay_in(card, card, Card(serial(2)))
    world.run(14)
    assert world.registry.told == ["o-1", "o-2"]
    assert world.tray.bins[1] == (Bin.ERROR, serial(1))
    assert world.floor.view.spoiled == 0


def test_a_second_card_with_a_serial_that_was_here_stops_the_lane() -> None:
    world = World(jobs=3)
    world.tray.lay_in(Card(serial(1)), Card(serial(1)), Card(serial(2)))
    world.run(12)
    assert world.state() == "stopped chip-serial-twice"
    world.floor.resume(1)
    world.run(8)
    assert world.registry.told == ["o-1", "o-2"]
    assert world.tray.bins[1] == (Bin.ERROR, serial(1))


def test_two_cards_with_one_serial_in_two_lanes_at_once_cost_no_order() -> None:
    world = World(jobs=4, lanes=2)
    world.trays[0].lay_in(Card(serial(1)))
    world.trays[1].lay_in(Card(serial(1)))
    world.run(2)
    world.journal.take_in_hand(serial(1))  # as if the other lane were at work on it
    world.lane_turns(2, 2)
    assert world.state(2) == "put-back in-hand"
    assert world.registry.given_back == []
    world.journal.let_go([serial(1)])
    world.run(3)
    world.trays[1].lay_in(Card(serial(1)))
    assert world.run(4).state(2) == "stopped chip-serial-twice"


def test_a_lane_whose_process_died_finishes_the_card_that_is_put_back() -> None:
    world = World(jobs=1)
    card = broken(1, "stored", "lane-died")
    world.tray.lay_in(card, card)
    world.run(8)
    assert world.registry.told == ["o-1"]
    assert world.floor.view.made == 1


def test_a_made_card_whose_lane_died_before_it_could_say_so_counts_once() -> None:
    world = World(jobs=1, ends_when_dry=True)
    card = broken(1, "printed", "lane-died")
    world.tray.lay_in(card, card)
    world.run(12)
    assert (world.floor.counts.made, world.floor.view.made) == (1, 1)
    assert world.registry.told == ["o-1"]


def test_a_clock_that_was_moved_stops_all_lanes_before_a_card_is_begun() -> None:
    world = World(jobs=4, lanes=2)
    seen: list[str] = []

    def look() -> None:
        if not seen:
            raise Refusal("clock-wrong", "The clock was set back.")

    world.floor._shop.may_begin = look
    world.floor._parts = replace(world.floor._parts, clock_seen=lambda: seen.append("seen"))
    world.trays[0].lay_in(Card(serial(1)))
    world.trays[1].lay_in(Card(serial(2)))
    world.run(6)
    assert [world.state(1), world.state(2)] == ["stopped clock-wrong"] * 2
    assert world.trays[0].asked == world.trays[1].asked == []
    world.floor.resume()
    assert sorted(world.run(8).registry.told) == ["o-1", "o-2"]
    assert seen == ["seen"]


def test_a_code_that_nobody_thought_of_stops_the_lane() -> None:
    world = World(jobs=1)
    world.tray.lay_in(broken(1, "open", "never-heard-of"))
    assert world.run(5).state() == "stopped never-heard-of"


def empty(world: World, *lanes: int) -> None:
    for lane in lanes:
        world.trays[lane - 1].fault = LaneFaultError("hopper-empty", "no more blanks")


def test_an_empty_hopper_stops_its_lane_and_no_blank_is_missed_while_another_lane_has_some() -> (
    None
):
    world = World(jobs=4, lanes=2)
    world.journal.note(BlanksReceived(first=1, last=9))
    empty(world, 1)
    world.run(4)
    assert world.state(1) == "stopped hopper-empty"


def test_blanks_are_missing_when_every_hopper_is_empty_and_some_were_never_seen() -> None:
    world = World(jobs=4, lanes=2)
    world.journal.note(BlanksReceived(first=1, last=9))
    empty(world, 1, 2)
    world.run(4)
    assert [world.state(1), world.state(2)] == ["stopped hopper-empty", "stopped blank-missing"]


def test_nothing_is_missing_where_all_blanks_were_used() -> None:
    world = World(jobs=2)
    world.journal.note(BlanksReceived(first=1, last=1))
    world.tray.lay_in(Card(serial(1)))
    world.run(3)
    empty(world, 1)
    world.run(4)
    assert world.state() == "stopped hopper-empty"
