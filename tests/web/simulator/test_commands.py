"""``cardsim serve`` and ``cardsim tray`` as processes and as a person types them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from simulators.cli import serve
from simulators.cli.control import command as tray_command
from simulators.cli.serve import command as serve_command
from simulators.reader.cards import new_state_file
from simulators.reader.errors import ReaderSetupError
from simulators.web.client import Service
from simulators.web.serve import bind
from tests.web.simulator.running import CONTACT, PATIENCE_S, RunningTray

LOOKS = 200
LOOK_S = 0.05
STOP_WITHIN_S = 20.0
ALONE = "from simulators.reader.namespace import enter; enter(fresh=True); "
CARDSIM = "from simulators.cli.main import main; main()"


@contextmanager
def serving(*arguments: str, before: str = "") -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Run the service in a process of its own; yield it and its address."""
    process = subprocess.Popen(
        [sys.executable, "-c", before + CARDSIM, "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        found = re.match(r"(http://127\.0\.0\.1:\d+)/", process.stdout.readline())
        assert found is not None, process.communicate(timeout=STOP_WITHIN_S)
        yield process, found.group(1)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=STOP_WITHIN_S)


def tray(served: RunningTray, *arguments: str) -> Result:
    name, *rest = arguments
    return CliRunner().invoke(tray_command, [name, "--url", served.url, *rest])


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(serve_command, list(arguments))
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    return result.stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_service_says_what_it_has_and_ends_tidily(tmp_path: Path, stop: signal.Signals) -> None:
    new_state_file(tmp_path / "anna.card")
    card = f"anna={tmp_path / 'anna.card'}"
    with serving("--reader", "Desk 1", "--contactless", "Gate", "--card", card) as (process, url):
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        put = httpx.put(f"{url}/readers/Gate/card", json={"card": "anna"}, timeout=PATIENCE_S)
        assert put.json()["card"] == "anna"
        process.send_signal(stop)
        _, error = process.communicate(timeout=STOP_WITHIN_S)
    assert lines[:3] == [
        "reader\tDesk 1\tcontact\tin this process\n",
        "reader\tGate\tcontactless\tin this process\n",
        "card\tanna\tfile\n",
    ]
    assert re.fullmatch(r"and \d+ cards of the zoo \(cardsim zoo\)\n", lines[3])
    assert (process.returncode, error.strip()) == (0, "Stopped.")


@pytest.mark.pcsc
def test_readers_of_pcsc_are_served_and_pcscd_ends_with_the_service() -> None:
    with serving("--pcsc", "2", before=ALONE) as (process, url):
        names = [one["name"] for one in httpx.get(f"{url}/readers", timeout=PATIENCE_S).json()]
        assert len(names) == 2
        put = httpx.put(
            f"{url}/readers/{names[0]}/card", json={"card": "blank"}, timeout=PATIENCE_S
        )
        assert put.json()["address"].startswith("127.0.0.1:")
        refusal = httpx.post(
            f"{url}/readers/{names[0]}/apdu", json={"command": "00000000"}, timeout=PATIENCE_S
        )
        assert refusal.json()["type"] == "/problems/tray-refused"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert children
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=STOP_WITHIN_S)
    assert process.returncode == 0
    assert not any(Path(f"/proc/{child}").exists() for child in children)


def test_a_port_in_use_is_one_line_with_a_remedy() -> None:
    with bind(0) as listener:
        said = refused("--port", str(listener.getsockname()[1]))
    assert "Address already in use" in said
    assert "--port" in said


def test_what_the_machine_cannot_give_is_one_line_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "only root may start pcscd: run the same with sudo" in refused("--port=0", "--pcsc=2")
    (tmp_path / "x").write_text("nonsense")
    assert "damaged" in refused("--port=0", f"--card=x={tmp_path / 'x'}")
    assert "make one" in refused("--port=0", f"--card=x={tmp_path / 'none'}")
    assert "NAME=FILE" in refused("--port=0", "--card=x")
    assert "no name for a reader" in refused("--port=0", "--reader=a/b")
    assert "chip 'x'" in refused("--port=0", "--timing=virtual:x")
    assert "HOST:PORT" in refused("--port=0", "--slot=a=b")


def test_without_options_there_is_a_reader_of_each_kind() -> None:
    wanted = serve.Wanted(
        readers=serve.USUAL_READERS, pcsc=0, slots=(), cards=(), zoo=None, times=None
    )
    with serve.simulation_of(wanted) as simulation:
        found = [(one.name, one.interface.value) for one in simulation.readers()]
    assert found == [("Contact", "contact"), ("Contactless", "contactless")]


def test_a_timing_is_that_of_every_new_reader() -> None:
    wanted = serve.Wanted(
        readers=serve.USUAL_READERS,
        pcsc=0,
        slots=(),
        cards=(),
        zoo=None,
        times=serve._times("virtual:median"),
    )
    with serve.simulation_of(wanted) as simulation:
        times = [one.wishes.times for one in simulation.readers()]
    assert [dict(one.names) if one else None for one in times] == [
        {"mode": "virtual", "chip": "median"}
    ] * 2


def test_cards_are_moved_by_commands(served: RunningTray) -> None:
    said = [
        tray(served, *words).stdout.strip()
        for words in (
            ("insert", "one", CONTACT),
            ("swap", "two", CONTACT),
            ("remove", CONTACT),
            ("remove", CONTACT),
            ("tap", "one", CONTACT, "--hold", "30"),
            ("pull", CONTACT, "--after", "3", "--during"),
            ("faults", CONTACT, "noisy-line"),
        )
    ]
    assert said == [
        "one is in Desk 1.",
        "two is in Desk 1.",
        "two was in Desk 1.",
        "Nothing was in Desk 1.",
        "one is at Desk 1 for 30 s.",
        "The card leaves Desk 1 at command 3 from now.",
        "Faults of Desk 1: noisy-line.",
    ]
    assert served.tray.readers[CONTACT].card == "one"
    assert served.simulation.reader(CONTACT).wishes.faults is not None
    assert tray(served, "faults", CONTACT, "none").exit_code == 0
    assert served.simulation.reader(CONTACT).wishes.faults is None


def test_a_plan_in_a_file_is_sent_as_it_is(served: RunningTray, tmp_path: Path) -> None:
    plan = tmp_path / "monday.toml"
    plan.write_text('seed = 5\n[[faults]]\nwhat = "mute"\n')
    assert tray(served, "faults", CONTACT, str(plan)).exit_code == 0
    faults = served.simulation.reader(CONTACT).wishes.faults
    assert faults is not None
    assert (faults.plan.seed, faults.name) == (5, None)
    plan.write_text('[[faults]]\nwhat = "gremlins"\n')
    assert "monday.toml" in tray(served, "faults", CONTACT, str(plan)).stderr


def test_lists_are_lines_for_people_and_json_for_programs(served: RunningTray) -> None:
    tray(served, "insert", "one", CONTACT)
    assert tray(served, "readers").stdout.splitlines()[0] == "Desk 1\tcontact\tone"
    assert tray(served, "cards").stdout.splitlines()[:2] == ["one\tfile\tDesk 1", "two\tfile\t-"]
    assert json.loads(tray(served, "readers", "--json").stdout)[0]["card"] == "one"


def test_what_is_refused_is_one_line_and_exit_code_1(served: RunningTray) -> None:
    tray(served, "insert", "one", CONTACT)
    for words, line in (
        (("insert", "two", CONTACT), "a card is in 'Desk 1': remove it, or swap"),
        (("insert", "one", "Antenna"), "card 'one' is in 'Desk 1': remove it there first"),
        (("remove", "a/b?c#d"), "Not Found"),
        (("insert", "nobody", "Antenna"), "there is no card 'nobody'"),
    ):
        result = tray(served, *words)
        assert result.exit_code == 1
        assert line in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1


def test_events_are_printed_until_there_are_enough(served: RunningTray) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", CARDSIM, "tray", "events", "--url", served.url, "--count", "2"],
        stdout=subprocess.PIPE,
        text=True,
    )
    for _ in range(LOOKS):
        if served.simulation.history._followers:
            break
        time.sleep(LOOK_S)
    served.tray.insert("one", CONTACT)
    served.tray.remove(CONTACT)
    lines = process.communicate(timeout=STOP_WITHIN_S)[0].splitlines()
    assert [line.split("\t")[1:4] for line in lines] == [
        ["inserted", CONTACT, "one"],
        ["removed", CONTACT, "one"],
    ]
    assert process.returncode == 0


def test_a_service_that_is_not_there_is_one_line_with_a_remedy() -> None:
    with bind(0) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    result = CliRunner().invoke(tray_command, ["readers", "--url", url])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: no service answers at {url}: start it with `cardsim serve`, or --url\n"
    )


@pytest.mark.parametrize(
    "url", ["", "ftp://x", "http://", "http://x:y", "127.0.0.1:8765", "http://[x"]
)
def test_an_address_that_is_none_is_one_line_with_a_remedy(url: str) -> None:
    with pytest.raises(ReaderSetupError, match="is no address"):
        Service(url)


@pytest.mark.parametrize("name", sorted(tray_command.commands))
def test_the_help_of_every_command_has_an_example(name: str) -> None:
    result = CliRunner().invoke(tray_command, [name, "--help"])
    assert f"Example: cardsim tray {name}" in result.stdout
