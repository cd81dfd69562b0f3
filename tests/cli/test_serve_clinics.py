"""The demonstration's service for clinics: a real desk enrols at it with the code it prints."""

import json
import re
import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.cli.processes import Shell
from tests.cli.test_office import address_in, ask, lines_until, office_shell, stopped

ENROL = r"Enrol a desk: \./run (desk enrol ([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}) --service (\S+))"


def desk_shell(shell: Shell, name: str) -> Shell:
    """Return a person at a computer of a clinic, with a home of its own."""
    return Shell(shell.folder, {**shell.variables, "CARDSERVICE_HOME": str(shell.folder / name)})


def enrolling(line: str) -> "tuple[list[str], str, str]":
    """Return the arguments to enrol a desk with, the code, and the address."""
    found = re.search(ENROL, line)
    assert found is not None, line
    return found.group(1).split(), found.group(2), found.group(3)


def test_a_desk_enrols_with_the_code_that_the_demonstration_prints(shell: Shell) -> None:
    place = shell.folder / "temporary"
    place.mkdir()
    own = Shell(shell.folder, {**office_shell(shell).variables, "TMPDIR": str(place)})
    with own.started("serve", "--demo", "--port", "0") as process:
        *_, api, enrol = lines_until(process, "Enrol a desk:")
        arguments, code, address = enrolling(enrol)
        assert api.startswith(f"The API for clinics: {address}/api/v1 ")
        assert urlsplit(address).hostname == "127.0.0.1"
        desk, other = desk_shell(shell, "desk"), desk_shell(shell, "other")
        wrong = [one if one != code else "0000-0000-0000" for one in arguments]
        assert "enrolment-code-wrong" in desk.run(*wrong, "--yes").stderr
        enrolled = desk.run(*arguments, "--yes")
        assert (enrolled.returncode, enrolled.stdout.splitlines()[-1]) == (
            0,
            "Enrolled: Окно 1, Учебная поликлиника № 1. Start it: cardservice desk run",
        )
        assert "enrolment-code-wrong" in other.run(*arguments, "--yes").stderr
        assert desk.run("desk", "refresh").stdout.startswith("time: fresh\ntrust: fresh\nlists: f")
        status = desk.run("desk", "status", "--json")
        said = json.loads(status.stdout)
        assert (status.returncode, said["service"], said["troubles"]) == (0, address, [])
        code_of_end, ended = stopped(process, signal.SIGTERM)
        assert (code_of_end, ended.endswith("Stopped.\n")) == (0, True)
    assert list(place.iterdir()) == []
    refused = desk.run("desk", "refresh")
    assert (refused.returncode, "service-unreachable" in refused.stderr) == (1, True)


@pytest.mark.parametrize("taken", ["office", "clinics"])
def test_a_taken_port_beside_it_does_not_stop_the_desk(
    shell: Shell, taken: str, tmp_path: Path
) -> None:
    ports = {"office": "0", "clinics": "0"}
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        ports[taken] = str(somebody.getsockname()[1])
        options = [part for name, port in ports.items() for part in (f"--{name}-port", port)]
        with shell.started("serve", "--demo", "--port", "0", *options) as process:
            (desk,) = lines_until(process, "The desk:")
            assert ask(address_in(desk), "/healthz")[0] == 200
            code, said = stopped(process, signal.SIGINT)
    assert code == 0
    (refused,) = [line for line in said.splitlines() if line.startswith("Without")]
    assert refused.startswith(f"Without {taken}: cannot listen on 127.0.0.1:{ports[taken]} ")
    assert refused.endswith(f"choose another with --{taken}-port")
    assert said.endswith("Stopped.\n")
    assert not (tmp_path / "home").exists()
