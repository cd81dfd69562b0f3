"""``serve``: what keeps it from starting is one line; where it listens it is also answered."""

import socket

import pytest

from cardservice.cli.exit_codes import Exit
from cardservice.serving import desk
from cardservice.serving.listening import web_settings
from cardservice.settings import load_settings
from tests.unit.cli.conftest import Type


def test_a_port_in_use_is_one_line_with_a_remedy(cardservice_typed: Type) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = cardservice_typed("serve", "--demo", "--port", port)
    assert result.exit_code == Exit.USAGE
    assert f"cannot listen on 127.0.0.1:{port}" in result.stderr
    assert "choose another with --port" in result.stderr


def test_an_address_that_is_not_ours_is_one_line(cardservice_typed: Type) -> None:
    result = cardservice_typed("serve", "--demo", "--host", "192.0.2.1", "--port", "0")
    assert result.exit_code == Exit.USAGE
    assert "cannot listen on 192.0.2.1" in result.stderr


def test_production_refuses_the_demonstration(cardservice_typed: Type) -> None:
    result = cardservice_typed("serve", "--demo", env={"CARDSERVICE_PRODUCTION": "1"})
    assert result.exit_code == Exit.USAGE
    assert "production refuses demonstration keys" in result.stderr


@pytest.mark.parametrize(
    ("host", "in_url"),
    [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]"), ("Desk.example", "desk.example")],
)
def test_the_page_answers_to_the_address_it_was_started_with(host: str, in_url: str) -> None:
    hosts = web_settings(load_settings(host=host)).hosts
    assert {in_url, "localhost"} <= hosts


def test_an_interrupt_ends_the_service_in_peace(
    cardservice_typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, listener: socket.socket, **__: object) -> None:
        listener.close()
        raise KeyboardInterrupt

    monkeypatch.setattr(desk, "serve", interrupted)
    result = cardservice_typed("serve", "--demo", "--port", "0")
    assert result.exit_code == Exit.OK
    assert result.stdout.startswith("The desk: http://127.0.0.1:")
    assert result.stderr.endswith("Stopped.\n")
