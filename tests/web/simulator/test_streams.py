"""Server-sent events over a real connection, and the end of the server."""

import json
from collections.abc import Iterator

import httpx

from tests.web.simulator.running import CONTACT, PATIENCE_S, RunningTray, running_tray


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


def follow(served: RunningTray, count: int, **headers: str) -> list[dict[str, str]]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with httpx.stream("GET", f"{served.url}/events", headers=named, timeout=PATIENCE_S) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        stream = events(answer.iter_lines())
        return [next(stream) for _ in range(count)]


def test_an_insertion_by_http_arrives_as_an_event(served: RunningTray) -> None:
    url = f"{served.url}/events"
    with httpx.stream("GET", url, timeout=PATIENCE_S) as answer:
        stream = events(answer.iter_lines())
        assert next(stream)["event"] == "hello"
        httpx.put(f"{served.url}/readers/Desk%201/card", json={"card": "one"}, timeout=PATIENCE_S)
        event = next(stream)
    data = json.loads(event["data"])
    assert (data["kind"], data["reader"], data["card"]) == ("inserted", CONTACT, "one")
    assert event["id"].endswith(f"-{data['number']}")


def test_whoever_comes_back_is_told_what_was_missed(served: RunningTray) -> None:
    last = follow(served, 1)[0]["id"]
    served.tray.insert("one", CONTACT)
    served.tray.remove(CONTACT)
    served.tray.settle()
    missed = follow(served, 2, last_event_id=last)
    assert [json.loads(one["data"])["kind"] for one in missed] == ["inserted", "removed"]


def test_an_id_of_another_run_is_told_as_a_gap(served: RunningTray) -> None:
    gap = follow(served, 1, last_event_id="deadbeef-7")[0]
    assert (gap["event"], json.loads(gap["data"])) == ("gap", {"missed": None})


def test_silence_brings_heartbeats() -> None:
    with running_tray(heartbeat_s=0.05) as served:
        assert [one["event"] for one in follow(served, 3)] == ["hello", "heartbeat", "heartbeat"]


def test_an_open_stream_ends_cleanly_when_the_service_stops() -> None:
    with httpx.Client(timeout=PATIENCE_S) as client:
        with running_tray() as served:
            request = client.build_request("GET", f"{served.url}/events")
            stream = events(client.send(request, stream=True).iter_lines())
            assert next(stream)["event"] == "hello"
        assert list(stream) == []


def test_followers_beyond_the_limit_are_refused_and_those_who_left_make_room() -> None:
    with running_tray() as served:
        served.simulation.history._followers_max = 0
        answer = httpx.get(f"{served.url}/events", timeout=PATIENCE_S)
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/too-many")
        served.simulation.history._followers_max = 1
        for _ in range(3):
            assert follow(served, 1)[0]["event"] == "hello"
            while served.simulation.history._followers:
                served.tray.settle()
