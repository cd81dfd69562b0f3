"""The same sessions over one socket, at a server of this process."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from cardservice.domain.verdict import Outcome
from cardservice.verify.relay_book import Limits
from cardservice.web.clinics.card_sessions_stream import FRAME_MAX
from tests.chain import issued_card, link_to
from tests.unit.web_clinics.card_world import API, World, answers, world

WITHIN_S = 10.0
GOOD = "6a82"


@contextmanager
def served(made: World) -> Iterator[str]:
    """Serve for the length of the block; yields the address of the stream."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(made.app, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"ws://127.0.0.1:{listener.getsockname()[1]}{API}/card-sessions/stream"
    finally:
        server.should_exit = True
        thread.join(WITHIN_S)
        listener.close()


@contextmanager
def streaming(url: str, name: str = "north") -> Iterator[ClientConnection]:
    bearer = {"Authorization": f"Bearer {name}"}
    with connect(url, additional_headers=bearer, close_timeout=1) as stream:
        yield stream


def told(stream: ClientConnection, sent: Any) -> dict[str, Any]:
    stream.send(json.dumps(sent))
    return dict(json.loads(stream.recv(WITHIN_S)))


def closed(stream: ClientConnection) -> tuple[int, str]:
    with pytest.raises(ConnectionClosed) as end:
        stream.recv(WITHIN_S)
    assert end.value.rcvd is not None
    return end.value.rcvd.code, end.value.rcvd.reason


def spoken(stream: ClientConnection, messages: list[str | bytes]) -> int | None:
    """Return the code the socket was closed with, None when it was not."""
    try:
        for one in messages:
            stream.send(one)
            stream.recv(WITHIN_S)
    except ConnectionClosed as end:
        return None if end.rcvd is None else end.rcvd.code
    return None


def until(true: Any) -> bool:
    end = monotonic() + WITHIN_S
    while not true() and monotonic() < end:
        sleep(0.01)
    return bool(true())


def test_one_card_after_the_other_is_read_over_one_socket() -> None:
    issued = issued_card()
    made = world(known=issued.register)
    with served(made) as url, streaming(url) as stream:
        outcomes = []
        for _ in range(2):
            card, reply = link_to(issued.card), told(stream, {"atr": "3b00"})
            while "verdict" not in reply:
                reply = told(stream, answers(reply, card))
            outcomes.append(reply["verdict"]["outcome"])
    assert outcomes == [Outcome.VALID, Outcome.VALID]
    assert len(made.relay.sessions) == 0


def test_the_token_may_come_in_the_first_message() -> None:
    with served(world()) as url, connect(url) as stream:
        stream.send(json.dumps({"token": "north"}))
        assert told(stream, {})["step"] == 1


@pytest.mark.parametrize(
    ("token", "reason"), [("nobody", "sign-in-needed"), ("powerless", "not-permitted")]
)
def test_who_may_not_ask_is_closed_out(token: str, reason: str) -> None:
    with served(world()) as url:
        with streaming(url, token) as stream:
            assert closed(stream) == (1008, reason)
        with connect(url) as stream:
            stream.send(json.dumps({"token": token}))
            assert closed(stream) == (1008, reason)


def test_a_client_that_is_withdrawn_reads_no_further_card() -> None:
    made = world()
    with served(made) as url, streaming(url) as stream:
        told(stream, {})
        del made.clients.known["north"]
        stream.send("{}")
        assert closed(stream) == (1008, "sign-in-needed")


def test_a_socket_that_is_cut_takes_its_session_with_it() -> None:
    made = world()
    with served(made) as url:
        with streaming(url) as stream:
            told(stream, {})
            assert len(made.relay.sessions) == 1
            stream.socket.shutdown(socket.SHUT_RDWR)
        assert until(lambda: len(made.relay.sessions) == 0)


def test_a_card_laid_on_while_another_is_read_takes_its_place() -> None:
    made = world()
    with served(made) as url, streaming(url) as stream:
        first, second = told(stream, {}), told(stream, {})
        assert first["session"] != second["session"]
        assert len(made.relay.sessions) == 1


def test_a_frame_longer_than_any_answer_closes_the_socket() -> None:
    made = world()
    with served(made) as url, streaming(url) as stream:
        told(stream, {})
        stream.send(json.dumps({"step": 1, "answers": ["0" * FRAME_MAX]}))
        assert closed(stream) == (1009, "frame-too-large")
        assert until(lambda: len(made.relay.sessions) == 0)


def test_who_says_nothing_is_closed_after_the_idle_time() -> None:
    made = world(limits=Limits(idle_s=0.05))
    with served(made) as url, streaming(url) as stream:
        told(stream, {})
        assert closed(stream) == (1008, "session-idle")


def test_a_client_has_as_many_sessions_as_it_may_however_it_asks() -> None:
    made = world(limits=Limits(of_client=1))
    with served(made) as url, streaming(url) as first, streaming(url) as second:
        told(first, {})
        second.send("{}")
        assert closed(second) == (1008, "sessions-full")
        assert told(first, {"step": 1, "answers": [GOOD]})["step"] == 2


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ("", "malformed-request"),
        ("[]", "malformed-request"),
        ('{"step":1}', "answers-wrong"),
        ('{"step":2,"answers":["9000"]}', "step-wrong"),
        ('{"step":1,"answers":["9"]}', "malformed-request"),
        ('{"unknown":1}', "malformed-request"),
        (b"\x00\x01", "malformed-request"),
    ],
)
def test_a_message_of_another_form_closes_the_socket_with_its_code(
    sent: str | bytes, reason: str
) -> None:
    with served(world()) as url, streaming(url) as stream:
        told(stream, {})
        stream.send(sent)
        assert closed(stream) == (1008, reason)


def test_answers_without_a_session_have_none() -> None:
    with served(world()) as url, streaming(url) as stream:
        stream.send('{"step":1,"answers":["9000"]}')
        assert closed(stream) == (1008, "session-unknown")


def test_hostile_messages_never_break_the_service() -> None:
    made = world()
    with served(made) as url:

        @settings(max_examples=40, deadline=None)
        @given(
            messages=st.lists(
                st.text(max_size=60)
                | st.binary(max_size=60)
                | st.sampled_from(["{}", '{"step":1,"answers":["9000"]}', '{"step":1e9}']),
                min_size=1,
                max_size=4,
            )
        )
        def hostile(messages: list[str | bytes]) -> None:
            with streaming(url) as stream:
                assert spoken(stream, messages) in (None, 1008, 1009)

        hostile()
        assert until(lambda: len(made.relay.sessions) == 0)
