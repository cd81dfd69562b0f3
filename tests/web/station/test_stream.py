"""What pages are told of a station, and that they are let go."""

import asyncio
import json
from typing import Any

import pytest

from cardservice.personalization.lanes import LaneState, StationView
from cardservice.texts.languages import Language
from cardservice.web.desk.hub import DeskBusyError
from cardservice.web.desk.stream import HEARTBEAT
from cardservice.web.station.hub import StationHub
from cardservice.web.station.rendering import crowd_of, station_renderer
from cardservice.web.station.stream import StationMessages, station_events
from tests.web.station.floors import FakeFloor, full_station, lane, station

WITHIN_S = 5.0


def _messages() -> StationMessages:
    return StationMessages(station_renderer(Language.EN), instance="one", token="secret")  # noqa: S106 - of a test


def _data(event: bytes) -> dict[str, Any]:
    line = next(one for one in event.decode().splitlines() if one.startswith("data: "))
    found: dict[str, Any] = json.loads(line.removeprefix("data: "))
    return found


def test_the_first_message_says_everything() -> None:
    data = _data(_messages().message(full_station()))
    assert data["lanes"] == [f"lane-{number}" for number in range(1, 17)]
    assert set(data["tiles"]) == set(data["lanes"])
    assert "776" in data["line"]
    assert "card-removed" in data["remedies"]


def test_a_later_message_has_only_the_lanes_that_changed() -> None:
    messages = _messages()
    messages.message(station(lane(1), lane(2)))
    data = _data(messages.message(station(lane(1), lane(2, LaneState.STOPPED))))
    assert data["lanes"] == ["lane-1", "lane-2"]
    assert set(data["tiles"]) == {"lane-2"}


def test_a_lane_that_calls_a_person_is_marked_so() -> None:
    for state in LaneState:
        html = _data(_messages().message(station(lane(1, state))))["tiles"]["lane-1"]
        wanted = "yes" if state in {LaneState.STOPPED, LaneState.PUT_BACK} else "no"
        assert f'data-calls="{wanted}"' in html


@pytest.mark.parametrize(("count", "crowd"), [(1, "few"), (2, "few"), (3, "some"), (9, "many")])
def test_few_lanes_are_set_large(count: int, crowd: str) -> None:
    assert crowd_of(full_station(count)) == crowd


def test_a_page_is_told_the_newest_view_and_skips_those_between() -> None:
    async def follow() -> list[int]:
        floor = FakeFloor(station(lane(1)))
        hub = StationHub(floor)
        with hub.follow() as follower:
            events = station_events(follower, _messages(), heartbeat_s=WITHIN_S)
            seen = [await anext(events)]
            for made in range(5):
                floor.show_lane(lane(1, made=made))
            seen.append(await anext(events))
            hub.close()
            seen += [one async for one in events]
        assert floor.follower_count == 0
        return [int(one.split(b"\n")[0].removeprefix(b"id: ")) for one in seen]

    assert asyncio.run(asyncio.wait_for(follow(), WITHIN_S)) == [0, 5]


def test_a_silent_station_sends_heartbeats() -> None:
    async def follow() -> bytes:
        with StationHub(FakeFloor(station())).follow() as follower:
            events = station_events(follower, _messages(), heartbeat_s=0.01)
            await anext(events)
            return await anext(events)

    assert asyncio.run(asyncio.wait_for(follow(), WITHIN_S)) == HEARTBEAT


def test_more_pages_than_allowed_are_refused_until_one_leaves() -> None:
    async def follow() -> None:
        hub = StationHub(FakeFloor(station()), most=1)
        with hub.follow(), pytest.raises(DeskBusyError), hub.follow():
            pass
        with hub.follow():
            pass

    asyncio.run(follow())


def test_a_page_whose_loop_is_gone_does_not_stop_the_floor() -> None:
    floor = FakeFloor(station(lane(1)))

    async def follow() -> None:
        StationHub(floor).follow().__enter__()

    asyncio.run(follow())
    floor.show(StationView(started_at=floor.view.started_at, made=1))
    assert floor.view.made == 1
