"""Server-sent events over a real connection, and the end of the server."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cardservice.web.context import WebSettings
from tests.unit.web.doubles import PATIENCE_S
from tests.unit.web.examples import CAN, WRONG_CAN
from tests.web.running import RunningDesk, running_desk


@pytest.fixture
def desk() -> Iterator[RunningDesk]:
    with running_desk() as running:
        yield running


def events(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    """Yield the fields of each event of a stream."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        else:
            yield fields
            fields = {}


def marks(event: dict[str, str]) -> list[str]:
    data: dict[str, Any] = json.loads(event["data"])
    return [html.split('data-mark="')[1].split('"')[0] for html in data["panels"].values()]


def until(stream: Iterator[dict[str, str]], mark: str) -> dict[str, str]:
    return next(event for event in stream if event["event"] == "desk" and mark in marks(event))


def test_a_page_gets_the_whole_state_first_and_then_what_changes(desk: RunningDesk) -> None:
    with httpx.stream("GET", f"{desk.url}/events?lang=en", timeout=PATIENCE_S) as answer:
        stream = events(answer.iter_lines())
        first = next(stream)
        desk.watch.present(b"copied")
        last = until(stream, "invalid")
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert marks(first) == ["waiting"]
    assert int(first["id"]) < int(last["id"])
    assert "Invalid" in last["data"]


def test_a_silent_desk_sends_heartbeats() -> None:
    settings = WebSettings(heartbeat_s=0.01)
    with (
        running_desk(settings=settings) as desk,
        httpx.stream("GET", f"{desk.url}/events", timeout=PATIENCE_S) as answer,
    ):
        stream = events(answer.iter_lines())
        assert [next(stream)["event"] for _ in range(3)] == ["desk", "heartbeat", "heartbeat"]


def test_a_page_that_leaves_gives_its_place_back(desk: RunningDesk) -> None:
    for _ in range(70):  # more than the desk allows at once
        with httpx.stream("GET", f"{desk.url}/events", timeout=PATIENCE_S) as answer:
            assert answer.status_code == 200


def test_the_server_ends_with_pages_open_and_no_stream_is_cut(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with running_desk() as desk:
        client = httpx.Client(timeout=PATIENCE_S)
        answer = client.send(client.build_request("GET", f"{desk.url}/events"), stream=True)
        stream = events(answer.iter_lines())
        next(stream)
    assert list(stream) == []
    assert caplog.records == []
    client.close()


def test_a_request_under_a_foreign_name_is_refused(desk: RunningDesk) -> None:
    answer = httpx.get(f"{desk.url}/", headers={"host": "evil.example"}, timeout=PATIENCE_S)
    assert answer.status_code == 421


def test_a_typed_number_brings_its_result_by_the_stream_and_is_not_in_it(
    desk: RunningDesk,
) -> None:
    desk.watch.present(b"closed")
    with httpx.stream("GET", f"{desk.url}/events?lang=en", timeout=PATIENCE_S) as answer:
        stream = events(answer.iter_lines())
        asking = until(stream, "problem")
        said = [asking, *_after(desk, stream, asking, WRONG_CAN, "Wrong number")]
        said += _after(desk, stream, said[-1], CAN, "Valid")
    everything = json.dumps(said, ensure_ascii=False)
    assert CAN not in everything
    assert WRONG_CAN not in everything


def _after(
    desk: RunningDesk, stream: Iterator[dict[str, str]], asking: dict[str, str], can: str, word: str
) -> list[dict[str, str]]:
    """Send the form that ``asking`` holds; return the events up to the panel with that word."""
    (panel,) = json.loads(asking["data"])["panels"].values()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', panel))
    form, origin = {**hidden, "can": can}, {"origin": desk.url}
    answer = httpx.post(f"{desk.url}/desk/can", data=form, headers=origin, timeout=PATIENCE_S)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    seen = []
    for event in stream:
        seen.append(event)
        if f">{word}</h2>" in json.loads(event["data"]).get("panels", {"": ""}).popitem()[1]:
            return seen
    raise AssertionError(f"the stream ended before {word}")
