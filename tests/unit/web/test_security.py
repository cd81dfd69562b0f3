"""What keeps other sites out."""

import pytest
from fastapi import FastAPI
from starlette.datastructures import Headers

from cardservice.web.app import create_app
from cardservice.web.context import LOOPBACK_HOSTS, WebSettings
from cardservice.web.desk.hub import DeskHub
from cardservice.web.security import UnknownHostError, verify_host
from tests.unit.web.client import get


@pytest.fixture
def app() -> FastAPI:
    return create_app(DeskHub())


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8080", "localhost:1", "LOCALHOST", "[::1]", "[::1]:8080"]
)
def test_the_loopback_names_are_ours_whatever_the_port(host: str) -> None:
    assert verify_host(Headers({"host": host}), LOOPBACK_HOSTS) in LOOPBACK_HOSTS


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost.",
        "127.0.0.1:8080:80",
        "[::1].evil.example",
        "user@localhost",
        "",
        ":8080",
    ],
)
def test_another_host_name_is_refused(host: str) -> None:
    with pytest.raises(UnknownHostError):
        verify_host(Headers({"host": host}), LOOPBACK_HOSTS)


def test_a_request_without_a_host_is_refused() -> None:
    with pytest.raises(UnknownHostError):
        verify_host(Headers({}), LOOPBACK_HOSTS)


@pytest.mark.parametrize("path", ["/", "/events", "/api/v1/desk", "/healthz", "/nowhere"])
def test_a_rebound_name_gets_nothing_of_the_desk(app: FastAPI, path: str) -> None:
    answer = get(app, path, host="evil.example:8080")
    assert answer.status_code == 421
    assert answer.json()["type"] == "/problems/unknown-host"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_configured_name_is_answered() -> None:
    app = create_app(DeskHub(), settings=WebSettings(hosts=frozenset({"desk.clinic.example"})))
    assert get(app, "/healthz", host="desk.clinic.example").status_code == 200
    assert get(app, "/healthz", host="localhost").status_code == 421


def test_each_run_has_a_token_of_its_own_that_no_text_form_shows() -> None:
    contexts = [create_app(DeskHub()).state.context for _ in range(2)]
    assert contexts[0].token != contexts[1].token
    assert contexts[0].token not in repr(contexts[0])
