"""``cardservice desk``: what a person who sets up a desk types, and what they are told."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cardservice.cli.main import cardservice
from cardservice.desk.presentations import Presentation
from cardservice.home.desk_pairing import DeskPairings
from cardservice.home.desk_queue import PresentationQueue
from tests.simulated.desk_agent.service import CODE, DESK, Reply, Service
from tests.simulated.desk_agent.test_agent import presentation

PASSPHRASE = "four words for a test"  # noqa: S105 - of a test's own keys


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CARDSERVICE_HOME", str(tmp_path / "desk"))
    monkeypatch.setenv("CARDSERVICE_KEY_PASSPHRASE", PASSPHRASE)
    return tmp_path / "desk"


def desk(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(cardservice, ["desk", *words], input=typed)


def enrolled(service: Service) -> Result:
    return desk("enrol", CODE, "--service", service.address, "--yes")


def waiting_in(home: Path, given: Presentation) -> None:
    queue = PresentationQueue(home / "desk" / "presentations.jsonl")
    queue.add(given)
    queue.close()


def test_a_desk_is_enrolled_refreshed_shown_and_leaves(service: Service, home: Path) -> None:
    result = enrolled(service)
    assert result.exit_code == 0, result.output
    assert DESK in result.output
    assert CODE not in result.output
    waiting_in(home, presentation(1))
    before = json.loads(desk("status", "--json").output)
    assert (before["waiting"], before["troubles"]) == (1, ["list-missing"])
    refreshed = desk("refresh")
    assert refreshed.exit_code == 0, refreshed.output
    assert "reported 1" in refreshed.output
    status = desk("status", "--json")
    assert status.exit_code == 0
    said = json.loads(status.output)
    assert (said["waiting"], said["troubles"], said["running"]) == (0, [], False)
    DeskPairings(home / "desk").add("МИС", "https://mis.example", at=datetime.now(UTC))
    (home / "keys" / "another.key").touch()
    assert desk("leave", typed="y\n").exit_code == 0
    assert desk("status").exit_code == 5
    assert not (home / "desk" / "pairings.json").exists()
    assert [one.name for one in (home / "keys").iterdir()] == ["another.key"]


def test_the_keys_of_a_desk_are_encrypted_and_its_files_are_its_owners_alone(
    service: Service, home: Path
) -> None:
    enrolled(service)
    for file in (home / "keys").iterdir():
        assert b"ENCRYPTED" in file.read_bytes()
    for file in [*(home / "desk").iterdir(), *(home / "keys").iterdir()]:
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_a_code_that_was_used_is_refused_with_a_remedy(service: Service, home: Path) -> None:
    service.code_used_by = "another"
    result = enrolled(service)
    assert result.exit_code == 5
    assert "enrolment-code-wrong: The code is wrong" in result.output
    assert "ask for a new one" in result.output
    assert not (home / "desk" / "enrolment.json").exists()


def test_a_code_may_be_typed_where_no_list_of_processes_shows_it(
    service: Service, home: Path
) -> None:
    result = desk("enrol", "--service", service.address, "--yes", typed=f"{CODE}\n")
    assert result.exit_code == 0, result.output
    assert (home / "desk" / "enrolment.json").exists()


def test_nobody_is_enrolled_without_having_been_asked(service: Service, home: Path) -> None:
    result = desk("enrol", CODE, "--service", service.address)
    assert result.exit_code == 2
    assert "--yes" in result.output
    assert service.code_used_by is None
    assert not (home / "desk" / "enrolment.json").exists()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("enrol", "0000-0000-0000", "--yes"), 2),
        (("enrol", CODE, "--service", "http://example.org", "--yes"), 2),
        (("enrol", CODE, "--service", "http://127.0.0.1:1", "--yes"), 4),
        (("status",), 5),
        (("refresh",), 5),
        (("leave", "--yes"), 5),
        (("run", "--port", "0"), 5),
    ],
)
def test_what_cannot_be_done_is_one_line_and_a_status(
    home: Path, words: tuple[str, ...], status: int
) -> None:
    assert not home.exists()
    result = desk(*words)
    assert result.exit_code == status, result.output
    assert result.output.startswith("cardservice: ")


def test_a_refresh_that_failed_names_each_step_by_code_and_remedy(
    service: Service, home: Path
) -> None:
    enrolled(service)
    assert home.exists()
    service.lies["/api/v1/trust"] = lambda _handler, _reply: Reply(503, {})
    result = desk("refresh")
    assert result.exit_code == 1
    assert "time: fresh" in result.output
    assert "trust: service-busy: The service cannot answer now." in result.output


def test_a_refresh_says_each_sentence_once(service: Service, home: Path) -> None:
    enrolled(service)
    assert home.exists()
    for path in ("/api/v1/time", "/api/v1/trust"):
        service.lies[path] = lambda handler, _reply: handler.cut()
    lines = desk("refresh").output.splitlines()
    unreached = [one for one in lines if "service-unreachable" in one]
    assert len(unreached) >= 2
    assert {one.count("The service cannot be reached.") for one in unreached} == {1}


def test_leaving_says_what_would_be_lost_and_asks(service: Service, home: Path) -> None:
    enrolled(service)
    waiting_in(home, presentation(1))
    result = desk("leave", typed="n\n")
    assert result.exit_code == 1
    assert "1 presentations were not reported" in result.output
    assert (home / "desk" / "enrolment.json").exists()


def test_a_desk_that_runs_shows_its_page_and_stops_when_it_is_told(
    service: Service, home: Path
) -> None:
    enrolled(service)
    assert home.exists()
    command = [sys.executable, "-m", "cardservice.main", "desk", "run", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            address = next(word for word in line.split() if word.startswith("http"))
            with urllib.request.urlopen(address, timeout=20) as page:  # noqa: S310 - loopback
                assert page.status == 200
            assert json.loads(desk("status", "--json").output)["running"]
            assert desk("refresh").exit_code == 5
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
    assert process.returncode == 0
