"""``cardservice station run`` in a process of its own."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from cardservice.cli.exit_codes import Exit
from cardservice.home.station_journal import read_journal
from cardservice.keystores.passphrase import VARIABLE
from cardservice.personalization.recovery_lives import Standing
from cardservice.serving.station import run
from cardservice.settings import Settings
from tests.simulated.station_floor.stations import a_table, new_station
from tests.simulated.station_lanes.lanes import PASSPHRASE

COMMAND = "from cardservice.serving.station import run\nif __name__ == '__main__':\n    run()\n"


@contextmanager
def started(path: Path, settings: Settings, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Lend the command, running; it is killed if a test leaves it behind."""
    script = path / "station.py"
    script.write_text(COMMAND)
    environment = {
        **os.environ,
        VARIABLE: PASSPHRASE,
        "CARDSERVICE_HOME": str(settings.home),
        "CARDSERVICE_LANGUAGE": "en",
        "CARDSERVICE_STATION_PORT": "0",
        "CARDSERVICE_STATION_FREE_MIB": "1",
    }
    command = [sys.executable, str(script), "--yes", "--reader", "sim:", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=environment, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def made(settings: Settings) -> int:
    cards = read_journal(settings).cards.values()
    return sum(one.standing is Standing.MADE for one in cards)


def line_with(process: subprocess.Popen[str], word: str) -> str:
    """Return the next line of standard error that has the word."""
    assert process.stderr is not None
    return next(line for line in process.stderr if word in line)


def test_a_table_is_made_and_the_exit_status_says_that_all_is_well(tmp_path: Path) -> None:
    settings, table = new_station(tmp_path), a_table(tmp_path, 4)
    options = ("--holders", str(table), "--count", "2", "--no-page")
    with started(tmp_path, settings, *options) as process:
        out, said = process.communicate(timeout=60)
        assert process.returncode == Exit.OK, said
    assert made(settings) == 2
    assert "Made 2, spoiled 0, refused 0" in said
    assert out.count("Done") == 2
    assert "Traceback" not in said


def test_a_row_that_cannot_be_made_makes_the_exit_status_one(tmp_path: Path) -> None:
    settings, table = new_station(tmp_path), a_table(tmp_path, 2)
    table.write_bytes(table.read_bytes() + table.read_bytes().splitlines()[-1][:20] + b"\n")
    options = ("--holders", str(table), "--no-page")
    with started(tmp_path, settings, *options) as process:
        _, said = process.communicate(timeout=60)
        assert process.returncode == Exit.NOT_ALL_GOOD, said
    assert made(settings) == 2
    assert "row 4" in said


def to_the_station(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)


def as_a_terminal_does(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C: the lanes' processes get the signal too."""
    os.killpg(process.pid, signal.SIGINT)


@pytest.mark.parametrize("send", [to_the_station, as_a_terminal_does])
def test_a_signal_lets_the_card_in_hand_be_made_and_ends_the_station(
    tmp_path: Path, send: Callable[[subprocess.Popen[str]], None]
) -> None:
    settings, table = new_station(tmp_path), a_table(tmp_path, 200)
    with started(tmp_path, settings, "--holders", str(table)) as process:
        address = re.search(r"http://\S+", line_with(process, "The station:"))
        assert address is not None
        with urllib.request.urlopen(address.group()) as page:  # noqa: S310 - our own
            assert page.status == 200
        assert process.stdout is not None
        assert "Done" in process.stdout.readline()
        send(process)
        _, said = process.communicate(timeout=60)
        assert process.returncode == Exit.OK, said
    assert "waiting for their card 0" in said
    assert f"Made {made(settings)}," in said
    assert read_journal(settings).open_cards() == []


def test_a_second_station_over_the_same_journal_is_refused(tmp_path: Path) -> None:
    settings, table = new_station(tmp_path), a_table(tmp_path, 200)
    with started(tmp_path, settings, "--holders", str(table)) as first:
        assert first.stdout is not None
        assert "Done" in first.stdout.readline()
        with started(tmp_path, settings, "--holders", str(table), "--no-page") as second:
            _, said = second.communicate(timeout=60)
            assert second.returncode == Exit.HOME
            assert "journal-in-use" in said or "stop it first" in said
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=60)


def test_without_a_table_and_without_an_office_it_says_what_to_do(tmp_path: Path) -> None:
    settings = new_station(tmp_path)
    with started(tmp_path, settings, "--no-page") as process:
        _, said = process.communicate(timeout=60)
        assert process.returncode == Exit.USAGE
    assert "--holders" in said


def test_nothing_is_written_to_a_card_without_a_yes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, table = new_station(tmp_path), a_table(tmp_path, 2)
    monkeypatch.setenv(VARIABLE, PASSPHRASE)
    monkeypatch.setenv("CARDSERVICE_HOME", str(settings.home))
    result = CliRunner().invoke(run, ["--holders", str(table), "--reader", "sim:"], input="n\n")
    assert result.exit_code == Exit.NOT_ALL_GOOD
    assert not (settings.home / "station" / "journal").exists()


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--reader", "sim:", "--reader", "sim:"], "once"),
        (["--reader", "sim:", "--lanes", "2"], "1 readers"),
        (["--reader", "sim:", "--feeder", "a:", "--feeder", "b:"], "2 feeders"),
        (["--demo", "--reader", "sim:"], "leave them out"),
    ],
)
def test_lanes_that_cannot_be_are_refused_before_anything_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], word: str
) -> None:
    monkeypatch.setenv("CARDSERVICE_HOME", str(tmp_path / "nowhere"))
    result = CliRunner().invoke(run, options)
    assert result.exit_code == Exit.USAGE
    assert word in result.output


def test_production_refuses_the_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARDSERVICE_PRODUCTION", "true")
    result = CliRunner().invoke(run, ["--demo"])
    assert result.exit_code == Exit.USAGE


def test_a_demonstration_makes_cards_in_readers_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CARDSERVICE_HOME", str(tmp_path / "nowhere"))
    monkeypatch.setenv("CARDSERVICE_STATION_FREE_MIB", "1")
    result = CliRunner().invoke(run, ["--demo", "--count", "1", "--lanes", "1", "--no-page"])
    assert result.exit_code == Exit.OK, result.output
    assert "Made 1," in result.output
    assert not (tmp_path / "nowhere").exists()
