"""What services say on standard error: lines for programs, or notes for who sits there."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from cardservice.cli.exit_codes import Exit
from tests.unit.cli.conftest import Type

SURNAME = "Кречетова"
WITH_PAGES = [
    (("serve", "--demo"), "desk_command._serve_demonstration"),
    (("serve",), "desk_command._serve"),
    (("desk", "run"), "desk_agent_command.enrolled_desk"),
    (("office", "serve"), "office_command._serve"),
    (("office", "serve", "--demo"), "office_command.serve_demonstration_office"),
]
FOR_PROGRAMS = [
    (("station", "central"), "central.listening"),
    (("clinics", "serve", "--demo"), "clinics_command.listening"),
]
"""A command, and the first of what it does that a test can stand in for."""


def says_and_ends(*_: Any, **__: Any) -> Any:
    """Say what services say, and be interrupted."""
    logging.getLogger("cardservice.request").info("request", extra={"fields": {"status": 200}})
    try:
        int(SURNAME)
    except ValueError:
        logging.getLogger("cardservice.web").exception("it failed")
    logging.getLogger("uvicorn.error").error("of %s", SURNAME)
    raise KeyboardInterrupt


@pytest.fixture
def stderr(
    request: pytest.FixtureRequest, cardservice_typed: Type, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[str]]:
    """Return what a service says until it is interrupted, line by line, the last one left out."""
    words, place = request.param
    monkeypatch.setattr(f"cardservice.serving.{place}", says_and_ends)
    monkeypatch.setattr("cardservice.serving.central.ask_secrets", lambda *_, **__: None)

    def run(**env: str) -> list[str]:
        result = cardservice_typed(*words, env=env)
        assert result.exit_code == Exit.OK, result.output
        *lines, last = result.stderr.splitlines()
        assert last == "Stopped."
        assert SURNAME not in result.output
        return lines

    return run


def services(chosen: list[Any]) -> pytest.MarkDecorator:
    """Let a test run with each of these services."""
    return pytest.mark.parametrize(
        "stderr", chosen, indirect=True, ids=[" ".join(words) for words, _ in chosen]
    )


@services(WITH_PAGES + FOR_PROGRAMS)
def test_each_line_is_an_object_where_programs_read(stderr: Callable[..., list[str]]) -> None:
    request, failed, librarys = map(json.loads, stderr(CARDSERVICE_LOG_JSON="1"))
    assert (request["event"], request["status"]) == ("request", 200)
    assert (failed["event"], failed["error"]) == ("it failed", "ValueError")
    assert librarys["logger"] == "uvicorn.error"


@services(WITH_PAGES)
def test_who_sits_at_a_page_is_told_what_is_wrong_and_of_no_request(
    stderr: Callable[..., list[str]],
) -> None:
    failed, librarys = stderr()
    assert failed == "note: it failed error=ValueError"
    assert librarys.startswith("note: test_serving_logs.says_and_ends:")


@services(FOR_PROGRAMS)
def test_a_service_without_pages_tells_of_each_request(stderr: Callable[..., list[str]]) -> None:
    assert [line.split()[1] for line in stderr()] == ["info", "error", "error"]


def test_station_run_logs_as_the_others(
    cardservice_typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cardservice.serving.station._demonstration", says_and_ends)
    result = cardservice_typed("station", "run", "--demo", env={"CARDSERVICE_LOG_JSON": "1"})
    lines = [one for one in result.stderr.splitlines() if one.startswith("{")]
    assert [json.loads(one)["level"] for one in lines] == ["info", "error", "error"]
    assert SURNAME not in result.output


def test_loggers_are_as_they_were_when_a_service_has_ended(
    cardservice_typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cardservice.serving.desk_command._serve", says_and_ends)
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.getLogger("uvicorn.access").disabled
    cardservice_typed("serve", env={"CARDSERVICE_LOG_JSON": "1"})
    assert (root.handlers, root.level, logging.getLogger("uvicorn.access").disabled) == before
