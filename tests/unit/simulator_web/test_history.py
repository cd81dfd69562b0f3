"""What is told to those who follow, and to those who were away."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from simulators.tray import EventKind, TrayEvent
from simulators.web.routes.events import stream
from simulators.web.simulation import Follower, History, TooManyError
from tests.unit.simulator_web.client import Client

PATIENCE_S = 10.0


def event(number: int, kind: EventKind = EventKind.INSERTED, detail: str = "") -> TrayEvent:
    return TrayEvent(number, float(number), kind, "Reader", "card", detail)


def filled(*numbers: int, kept: int = 10) -> History:
    history = History(kept=kept)
    for number in numbers:
        history.note(event(number))
    return history


def test_whoever_knows_an_event_is_told_what_came_after() -> None:
    history = filled(1, 2, 3)
    batch = history.resume(history.id_of(1))
    assert ([one.number for one in batch.events], batch.missed, batch.newest) == ([2, 3], 0, 3)


def test_what_is_no_longer_kept_is_counted() -> None:
    history = filled(1, 2, 3, 4, 5, kept=2)
    batch = history.resume(history.id_of(1))
    assert ([one.number for one in batch.events], batch.missed) == ([4, 5], 2)


@pytest.mark.parametrize(
    "wrong", ["", "-", "x-1", "1", "{}-99", "{}-", "{}--1", "{}-1١", "{}-9" * 9]
)
def test_an_id_of_another_run_is_a_gap_of_unknown_size(wrong: str) -> None:
    history = filled(1, 2)
    batch = history.resume(wrong.replace("{}", history.instance))
    assert ([one.number for one in batch.events], batch.missed) == ([1, 2], None)


def test_the_newest_event_is_shown_first() -> None:
    assert [one.number for one in filled(1, 2, 3).last(2)] == [3, 2]


def parsed(piece: bytes) -> tuple[str, object, str]:
    fields = dict(line.split(": ", 1) for line in piece.decode().strip().split("\n"))
    return fields["event"], json.loads(fields["data"]), fields.get("id", "")


async def first(pieces: AsyncIterator[bytes], count: int) -> list[tuple[str, object, str]]:
    return [parsed(await asyncio.wait_for(anext(pieces), PATIENCE_S)) for _ in range(count)]


def test_a_stream_begins_now_and_goes_on_with_each_event() -> None:
    async def follow() -> list[tuple[str, object, str]]:
        history = filled(1)
        with history.follow() as follower:
            pieces = stream(history, follower, event_id=None, heartbeat_s=PATIENCE_S)
            told = await first(pieces, 1)
            history.note(event(2))
            return told + await first(pieces, 1)

    hello, tray = asyncio.run(follow())
    assert hello[:2] == ("hello", {"newest": 1})
    assert hello[2].endswith("-1")
    assert (tray[0], tray[2].rpartition("-")[2]) == ("tray", "2")


def test_a_gap_is_told_before_what_is_left() -> None:
    async def follow() -> list[tuple[str, object, str]]:
        history = filled(1, 2, 3, kept=1)
        with history.follow() as follower:
            resumed = history.id_of(1)
            return await first(stream(history, follower, event_id=resumed, heartbeat_s=1), 2)

    gap, tray = asyncio.run(follow())
    assert gap[:2] == ("gap", {"missed": 1})
    assert gap[2].endswith("-2")
    assert tray[2].endswith("-3")


def test_events_that_the_tray_lost_are_a_gap_too() -> None:
    async def follow() -> list[tuple[str, object, str]]:
        history = History()
        with history.follow() as follower:
            pieces = stream(history, follower, event_id=None, heartbeat_s=PATIENCE_S)
            await first(pieces, 1)
            history.note(event(9, EventKind.EVENTS_LOST, "8"))
            return await first(pieces, 1)

    assert asyncio.run(follow())[0][:2] == ("gap", {"missed": 8})


def test_silence_is_filled_with_heartbeats_and_a_closed_history_ends_the_stream() -> None:
    async def follow() -> list[str]:
        history = History()
        with history.follow() as follower:
            pieces = stream(history, follower, event_id=None, heartbeat_s=0.01)
            told = [kind for kind, _, _ in await first(pieces, 3)]
            history.close()
            rest = [parsed(one)[0] async for one in pieces]
            return told + [one for one in rest if one != "heartbeat"]

    assert asyncio.run(follow()) == ["hello", "heartbeat", "heartbeat"]


def test_there_is_a_limit_to_followers_and_one_that_leaves_makes_room() -> None:
    async def follow() -> Follower:
        history = History(followers=1)
        with history.follow(), pytest.raises(TooManyError), history.follow():
            pass
        with history.follow() as follower:
            return follower

    assert asyncio.run(follow()) is not None


def test_a_name_with_a_line_end_cannot_make_an_event(client: Client) -> None:
    answer = client.put("readers", "x\n\nevent: tray\ndata: {}", body={})
    assert answer.status_code == 422
