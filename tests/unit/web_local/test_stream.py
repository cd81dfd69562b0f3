"""The stream, at a server of this process."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import uvicorn
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from cardservice.web.local.desk import LocalLimits
from cardservice.web.local.stream import FRAME_MAX, LocalStream
from tests.unit.web.examples import BANK_CARD, VALID
from tests.unit.web_local.world import API, CLINIC, EVIL, OTHER, World, judged, world

WITHIN_S = 10.0


@contextmanager
def served(desk: World) -> Iterator[str]:
    """Serve for the length of the block; yields the address of the stream."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(desk.app, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"ws://127.0.0.1:{listener.getsockname()[1]}{API}/stream"
    finally:
        desk.hub.close()
        server.should_exit = True
        thread.join(WITHIN_S)
        listener.close()


@pytest.fixture
def url(desk: World) -> Iterator[str]:
    with served(desk) as address:
        yield address


def opened(url: str, origin: str | None = CLINIC) -> ClientConnection:
    return connect(url, origin=origin, close_timeout=1)  # type: ignore[arg-type]


@contextmanager
def following(url: str, token: str) -> Iterator[ClientConnection]:
    with opened(url) as stream:
        stream.send(json.dumps({"token": token}))
        yield stream


def told(stream: ClientConnection, kind: str) -> dict[str, Any]:
    """Return the next message of that kind."""
    while True:
        message = json.loads(stream.recv(WITHIN_S))
        if message["type"] == kind:
            return dict(message)


def closed(stream: ClientConnection) -> tuple[int, str]:
    def heard() -> None:
        while True:
            stream.recv(WITHIN_S)

    with pytest.raises(ConnectionClosed) as end:
        heard()
    assert end.value.rcvd is not None
    return end.value.rcvd.code, end.value.rcvd.reason


def test_a_page_is_told_everything_that_is_here(desk: World, url: str) -> None:
    with following(url, desk.token()) as stream:
        first = json.loads(stream.recv(WITHIN_S))
        assert (first["type"], first["instance"]) == ("state", desk.local.instance)
        assert "ИВАНОВ" not in json.dumps(first, ensure_ascii=False)
        assert told(stream, "verdict")["verdict"]["holder"]["surname"] == "ИВАНОВ"


def test_a_page_is_told_each_new_verdict(desk: World, url: str) -> None:
    with following(url, desk.token()) as stream:
        told(stream, "verdict")
        desk.place(judged(BANK_CARD, presentation=2))
        said = told(stream, "verdict")
        assert (said["reader"]["presentation"], said["verdict"]["problem"]) == (
            2,
            "not-a-policy-card",
        )


def test_a_page_is_told_that_the_reader_was_unplugged(desk: World, url: str) -> None:
    with following(url, desk.token()) as stream:
        told(stream, "verdict")
        desk.place()
        assert told(stream, "state")["readers"] == []


def test_who_comes_back_is_told_the_last_state_again(desk: World, url: str) -> None:
    token = desk.token()
    said = []
    for _ in range(2):
        with following(url, token) as stream:
            said.append(told(stream, "verdict"))
    assert said[0] == said[1]


def test_a_silent_desk_says_that_it_is_there(desk: World, url: str) -> None:
    with following(url, desk.token()) as stream:
        assert told(stream, "heartbeat")["instance"] == desk.local.instance


def test_the_stream_ends_with_the_desk(desk: World, url: str) -> None:
    with following(url, desk.token()) as stream:
        told(stream, "verdict")
        desk.hub.close()
        assert closed(stream) == (1001, "desk-closing")


def test_the_stream_ends_with_its_pairing(desk: World, url: str) -> None:
    with following(url, desk.token()) as stream:
        told(stream, "verdict")
        desk.pairings.end(desk.pairings.all()[0].id)
        assert closed(stream) == (1008, "token-wrong")


def test_no_verdict_goes_to_a_pairing_that_just_ended(tmp_path: Path) -> None:
    desk = world(tmp_path, limits=LocalLimits(heartbeat_s=3600))
    with served(desk) as url, following(url, desk.token()) as stream:
        told(stream, "verdict")
        desk.pairings.end(desk.pairings.all()[0].id)
        desk.place(judged(VALID, presentation=2))
        assert closed(stream) == (1008, "token-wrong")


@pytest.mark.parametrize("origin", [EVIL, "null", None, CLINIC.replace("https", "http")])
def test_a_socket_of_a_foreign_page_is_never_accepted(
    desk: World, url: str, origin: str | None
) -> None:
    with pytest.raises(InvalidStatus) as refused, opened(url, origin):
        pass
    response = refused.value.response
    assert response.status_code == 403
    assert json.loads(response.body)["code"] == "origin-not-allowed"
    assert desk.hub._followers == set()


def test_a_socket_for_a_name_that_is_not_ours_is_never_accepted(url: str) -> None:
    port = url.split(":")[2].split("/", maxsplit=1)[0]
    with socket.create_connection(("127.0.0.1", int(port)), WITHIN_S) as plain:
        plain.sendall(
            f"GET {API}/stream HTTP/1.1\r\nHost: rebound.example:{port}\r\n"
            f"Origin: {CLINIC}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert plain.recv(4096).startswith(b"HTTP/1.1 421")


@pytest.mark.parametrize(
    ("sent", "end"),
    [
        ('{"token": "AAAA"}', (1008, "token-wrong")),
        ('{"token": ""}', (1008, "token-wrong")),
        ('{"token": 5}', (1008, "malformed-request")),
        ("{}", (1008, "malformed-request")),
        ("[", (1008, "malformed-request")),
        ("[" * FRAME_MAX, (1008, "malformed-request")),
        ("x" * (FRAME_MAX + 1), (1009, "frame-too-large")),
        (b"\x00", (1008, "malformed-request")),
        (b"\x00" * (FRAME_MAX + 1), (1009, "frame-too-large")),
    ],
)
def test_a_first_message_that_is_no_token_ends_the_socket(
    url: str, sent: str | bytes, end: tuple[int, str]
) -> None:
    with opened(url) as stream:
        stream.send(sent)
        assert closed(stream) == end


def test_a_token_of_another_origin_ends_the_socket(desk: World, url: str) -> None:
    with following(url, desk.token(OTHER)) as stream:
        assert closed(stream) == (1008, "token-wrong")


def test_a_socket_that_says_nothing_is_closed(url: str) -> None:
    with opened(url) as stream:
        assert closed(stream) == (1008, "token-missing")


def test_a_page_that_says_more_than_its_token_is_closed(desk: World, url: str) -> None:
    with following(url, desk.token()) as stream:
        stream.send("{}")
        assert closed(stream) == (1008, "message-unexpected")


def test_the_ninth_socket_is_refused_and_a_place_is_free_again_after(
    tmp_path: Path,
) -> None:
    desk = world(tmp_path, limits=LocalLimits())
    token = desk.token()
    with served(desk) as url:
        with ExitStack() as sockets:
            for _ in range(8):
                told(sockets.enter_context(following(url, token)), "state")
            with pytest.raises(InvalidStatus) as refused, opened(url):
                pass
            assert refused.value.response.status_code == 503
            assert json.loads(refused.value.response.body)["code"] == "local-busy"
        sockets.close()
        desk.hub.update(lambda state: state)
        with following(url, token) as stream:
            assert told(stream, "state")["type"] == "state"


def test_sockets_that_never_say_their_token_take_places_only_for_a_moment(
    desk: World, url: str
) -> None:
    with ExitStack() as sockets:
        silent = [sockets.enter_context(opened(url)) for _ in range(8)]
        for one in silent:
            assert closed(one) == (1008, "token-missing")
        with following(url, desk.token()) as stream:
            assert told(stream, "state")["type"] == "state"


class StuckSocket:
    """A socket whose page reads nothing: what is sent never gets through."""

    def __init__(self, token: str) -> None:
        self.headers: dict[str, str] = {}
        self._first = [{"type": "websocket.receive", "text": json.dumps({"token": token})}]
        self.begun = 0

    async def receive(self) -> dict[str, str]:
        if self._first:
            return self._first.pop()
        await asyncio.Event().wait()
        return {}

    async def send_text(self, _text: str) -> None:
        self.begun += 1
        await asyncio.Event().wait()


def test_a_page_that_does_not_read_is_dropped_and_nothing_waits_for_it(desk: World) -> None:
    stuck = StuckSocket(desk.token())
    stream = LocalStream(stuck, desk.local, CLINIC)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="too-slow"):
        asyncio.run(stream.serve())
    assert stuck.begun == 1
    assert desk.hub._followers == set()
