"""The office as a process: set up, served, signed in to, stopped politely."""

import http.client
import json
import re
import signal
import subprocess
import time
from urllib.parse import urlsplit

from tests.cli.processes import STOP_WITHIN_S, Shell

PASSWORD = "granite pelican violin teapot"  # noqa: S105 - of a fictional clerk
CHEAP = {
    "CARDSERVICE_ARGON2_TIME_COST": "1",
    "CARDSERVICE_ARGON2_MEMORY_KIB": "8",
    "CARDSERVICE_ARGON2_PARALLELISM": "1",
}
REGION = "45000"
PATIENCE_S = 60.0
BETWEEN_LOOKS_S = 0.1


def office_shell(shell: Shell) -> Shell:
    more = {"CARDSERVICE_REGION": REGION, "CARDSERVICE_INSECURE_COOKIES": "1"}
    return Shell(shell.folder, {**shell.variables, **CHEAP, **more})


def address_in(line: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found is not None, line
    return found.group()


def lines_until(process: "subprocess.Popen[str]", word: str) -> list[str]:
    """Return the lines printed up to the one that holds ``word``."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if word in line:
            return lines
    raise AssertionError(f"no {word!r} in {lines}")


def ask(address: str, path: str) -> tuple[int, bytes]:
    """Return status and body of an answer, as soon as somebody answers."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def stopped(process: "subprocess.Popen[str]", by: signal.Signals) -> tuple[int, str]:
    process.send_signal(by)
    assert process.stderr is not None
    said = process.stderr.read()
    return process.wait(STOP_WITHIN_S), said


def test_an_office_is_set_up_served_and_stopped(shell: Shell) -> None:
    office = office_shell(shell)
    assert office.run("office", "init").returncode == 0
    add = ("office", "account", "add", "anna", "--role", "clerk")
    assert office.run(*add, typed=PASSWORD + "\n").returncode == 0
    with office.started("office", "serve", "--port", "0") as process:
        (line,) = lines_until(process, "The office:")
        status, body = ask(address_in(line), "/healthz")
        assert (status, json.loads(body)) == (200, {"status": "ok"})
        assert ask(address_in(line), "/sign-in")[0] == 200
        assert stopped(process, signal.SIGTERM) == (0, "Stopped.\n")
    verified = office.run("audit", "verify", "--region", REGION)
    assert verified.stdout == "1 entries, whole; signed up to entry 1\n"


def test_an_office_without_keys_is_not_served(shell: Shell) -> None:
    result = office_shell(shell).run("office", "serve", "--port", "0")
    assert result.returncode == 5
    assert "cardservice office init" in result.stderr


def test_the_demonstration_has_a_desk_and_an_office_and_says_how_to_sign_in(shell: Shell) -> None:
    with office_shell(shell).started("serve", "--demo", "--port", "0") as process:
        desk, office, *_, signing = lines_until(process, "Sign in at the office")
        assert "The desk:" in desk
        assert ask(address_in(desk), "/")[0] == 200
        assert ask(address_in(office), "/healthz")[0] == 200
        assert re.search(r"as clerk, approver, .* with the password \S{16}", signing)
        code, said = stopped(process, signal.SIGINT)
        assert (code, said.endswith("Stopped.\n")) == (0, True)


def test_the_offices_demonstration_alone_waits_for_nobody_to_be_asked(shell: Shell) -> None:
    with office_shell(shell).started("office", "serve", "--demo", "--port", "0") as process:
        office, *_, signing = lines_until(process, "Sign in at the office")
        assert "the password" in signing
        assert ask(address_in(office), "/")[0] == 200
        assert stopped(process, signal.SIGTERM)[0] == 0


def test_a_demonstration_that_is_stopped_at_once_leaves_nothing_behind(shell: Shell) -> None:
    place = shell.folder / "tmp"
    place.mkdir()
    one = Shell(shell.folder, {**office_shell(shell).variables, "TMPDIR": str(place)})
    with one.started("serve", "--demo", "--port", "0") as process:
        lines_until(process, "The office:")
        time.sleep(BETWEEN_LOOKS_S)
        assert stopped(process, signal.SIGTERM)[0] == 0
    assert list(place.iterdir()) == []
