"""The service as processes: they share a socket, are started again, and stop together."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.cli.processes import STOP_WITHIN_S, Shell

PATIENCE_S = 30.0
BETWEEN_S = 0.1
SERVE = ("clinics", "serve", "--port", "0")


def address_of(process: "subprocess.Popen[str]") -> str:
    """Return the service's address once it says it."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found is not None:
            return found.group()
    raise AssertionError(said)


def get(address: str, path: str) -> tuple[int, bytes]:
    """Return status and body of an answer."""
    answer = httpx.get(f"{address}{path}", timeout=PATIENCE_S)
    return answer.status_code, answer.content


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(BETWEEN_S)


def children(pid: int) -> set[int]:
    """Return the processes that one has started and that go on."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return {int(one) for one in text.split()}


def lives(pid: int) -> bool:
    """Return whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_one_process_answers_and_publishes_and_stops_politely(home: Shell) -> None:
    with home.started(*SERVE) as process:
        address = address_of(process)
        assert get(address, "/health") == (200, b'{"status":"alive"}')
        facts = json.loads(get(address, "/statuslists/1.json")[1])
        assert facts["uri"] == f"{address}/statuslists/1"
        assert get(address, "/statuslists/1.cwt")[0] == 200
        assert json.loads(get(address, "/api/v1/trust")[1])["trust"].count(".") == 2
        ready = get(address, "/ready")
        assert ready[0] == 200, ready[1]
        for path in ("/health", "/ready"):  # Some who watch over services ask for no body.
            alive = httpx.head(f"{address}{path}", timeout=PATIENCE_S)
            assert (alive.status_code, alive.content) == (200, b"")
        assert get(address, "/nothing")[0] == 404
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_WITHIN_S) == 0


def test_a_worker_that_dies_is_started_again(home: Shell) -> None:
    with home.started(*SERVE, "--workers", "2") as process:
        address = address_of(process)
        until(lambda: len(children(process.pid)) == 2)
        until(lambda: get(address, "/health")[0] == 200)
        before = children(process.pid)
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        until(lambda: len(children(process.pid) - {victim}) == 2)
        until(lambda: get(address, "/health")[0] == 200)
        after = children(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_WITHIN_S) == 0
    assert not any(lives(one) for one in before | after)


def test_workers_end_when_who_started_them_is_killed(home: Shell) -> None:
    with home.started(*SERVE, "--workers", "2") as process:
        address = address_of(process)
        until(lambda: len(children(process.pid)) == 2)
        until(lambda: get(address, "/health")[0] == 200)
        workers = children(process.pid)
        process.kill()
        process.wait(STOP_WITHIN_S)
        until(lambda: not any(lives(one) for one in workers))


def test_the_demonstration_has_a_clinic_and_a_code(home: Shell, tmp_path: Path) -> None:
    shell = Shell(tmp_path, {"CARDSERVICE_HOME": str(tmp_path / "none")})
    with shell.started(*SERVE, "--demo") as process:
        address = address_of(process)
        assert process.stdout is not None
        code = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", process.stdout.readline())
        asked = f"{address}/api/v1/enrolments/previews"
        told = httpx.post(asked, json={"code": code[0]}, timeout=PATIENCE_S)
        assert (told.status_code, told.json()["desk"]) == (200, "Окно 1")
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_WITHIN_S) == 0
    assert home.run(*SERVE, "--demo", CARDSERVICE_PRODUCTION="1").returncode == 2


def test_plain_http_beyond_this_machine_is_refused_in_production(home: Shell) -> None:
    done = home.run(*SERVE, "--host", "0.0.0.0", CARDSERVICE_PRODUCTION="1")  # noqa: S104
    assert done.returncode == 2
    assert "--tls-cert" in done.stderr


def test_a_certificate_without_its_key_is_refused(home: Shell, tmp_path: Path) -> None:
    (tmp_path / "chain.pem").write_text("")
    done = home.run(*SERVE, "--tls-cert", str(tmp_path / "chain.pem"))
    assert done.returncode == 2
    assert "go together" in done.stderr


def test_a_folder_that_is_no_home_is_not_served(home: Shell, tmp_path: Path) -> None:
    done = home.run(*SERVE, CARDSERVICE_HOME=str(tmp_path / "none"))
    assert done.returncode == 5
    assert "cardservice init" in done.stderr
