"""What stops all lanes, and a person who is as quick as the program."""

from cardservice.personalization.lane_worker import LaneFaultError
from tests.unit.personalization.floor_world import Card, World, serial


def test_who_resumes_at_the_first_sight_of_a_stopped_lane_is_not_halted_again() -> None:
    world = World(jobs=2, lanes=2)
    resumed: list[str] = []

    def resume_once() -> None:
        if not resumed and "stopped" in world.state(1):
            resumed.append(world.state(1))
            world.floor.resume()

    world.floor.subscribe(resume_once)
    world.trays[0].lay_in(Card(serial(1), faults={"keys": "journal-full"}))
    world.run(6)
    assert resumed == ["stopped journal-full"]
    assert world.state(2) == "no-card"
    world.trays[1].lay_in(Card(serial(2)))
    assert world.run(6).floor.view.made == 2


def test_a_wait_that_ends_with_what_stops_all_lanes_is_resumed_at_first_sight_too() -> None:
    world = World(jobs=2, lanes=2)
    resumed: list[str] = []

    def resume_once() -> None:
        if not resumed and "stopped" in world.state(1):
            resumed.append(world.state(1))
            world.trays[0].fault = None
            world.floor.resume()

    world.floor.subscribe(resume_once)
    world.trays[0].fault = LaneFaultError("hsm-pin-wrong", "It is wrong.")
    world.run(6)
    assert resumed == ["stopped hsm-pin-wrong"]
    assert world.state(2) == "no-card"
