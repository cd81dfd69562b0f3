"""``station keys``: shown without a key, rolled over, retired and restored."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cardservice.cli.exit_codes import Exit
from cardservice.cli.station_keys import keys
from cardservice.home.folder import Folder
from cardservice.home.issuer import utc_now
from cardservice.home.key_versions import KeyVersions, read_key_versions
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.storage.journal_file import JournalFile
from tests.unit.cli.conftest import PASSPHRASE

Typed = Callable[..., Result]
COMMANDS = ("show", "rollover", "retire", "restore")


@pytest.fixture
def typed(home: Folder) -> Typed:
    """Run ``station keys ARGS``."""
    env = {"CARDSERVICE_HOME": str(home.path)}

    def run(*arguments: str, answer: str | None = None, exit_code: Exit = Exit.OK) -> Result:
        result = CliRunner().invoke(keys, arguments, input=answer, env=env)
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        assert result.exit_code == exit_code, result.output
        return result

    return run


def states(typed: Typed) -> dict[str, str]:
    shown = json.loads(typed("show", "--json").stdout)
    return {one["version"]: one["state"] for one in shown["versions"]}


def test_a_new_home_has_the_maker_s_and_the_first_version(typed: Typed, home: Folder) -> None:
    assert states(typed) == {"30": "on blank cards", "31": "current"}
    lines = typed("show").stdout.splitlines()
    assert lines[0] == f"Keys are in the key folder {home.keys}."
    assert lines[2].split() == ["31", "issuer-master", "current"]


def test_versions_are_shown_without_a_passphrase_and_without_a_key(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, home: Folder
) -> None:
    typed("rollover", "--yes")
    monkeypatch.delenv("CARDSERVICE_KEY_PASSPHRASE")
    shown = typed("show").stdout
    assert "rollover 32, by" in shown
    masters = SoftwareKeyStore(home.keys, lambda: PASSPHRASE)
    for name in ("transport-master", "issuer-master", "issuer-master-32"):
        assert masters.secret(name).cmac(bytes(16)).hex()[:6] not in shown.lower()


def test_a_rollover_says_what_follows_and_can_be_seen(typed: Typed) -> None:
    said = typed("rollover", answer="y\n")
    assert "key version 32" in said.stderr
    assert "Version 32 is current; its master is issuer-master-32." in said.stdout
    assert "Back up" in said.stdout
    assert states(typed) == {"30": "on blank cards", "31": "opened", "32": "current"}


def test_a_rollover_without_a_yes_makes_nothing(typed: Typed, home: Folder) -> None:
    before = sorted(home.keys.iterdir())
    typed("rollover", answer="n\n", exit_code=Exit.NOT_ALL_GOOD)
    typed("rollover", answer="", exit_code=Exit.NOT_ALL_GOOD)
    assert sorted(home.keys.iterdir()) == before
    assert read_key_versions(home) == KeyVersions()


def test_a_wrong_passphrase_makes_nothing(
    typed: Typed, home: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(home.keys.iterdir())
    monkeypatch.setenv("CARDSERVICE_KEY_PASSPHRASE", "another")
    typed("rollover", "--yes", exit_code=Exit.HOME)
    assert sorted(home.keys.iterdir()) == before


@pytest.mark.parametrize(
    "command",
    [("rollover", "--yes"), ("retire", "--version", "31", "--yes"), ("restore", "--version", "31")],
)
def test_while_a_station_runs_nothing_is_changed(
    typed: Typed, home: Folder, command: tuple[str, ...]
) -> None:
    typed("rollover", "--yes")
    (home.path / "station").mkdir()
    running = JournalFile(home.path / "station" / "journal", clock=utc_now)
    before = home.key_versions.read_bytes()
    said = typed(*command, exit_code=Exit.HOME)
    assert "station" in said.stderr
    assert home.key_versions.read_bytes() == before
    assert typed("show").exit_code == Exit.OK
    running.close()


def test_after_a_station_stopped_its_home_rolls_over(typed: Typed, home: Folder) -> None:
    (home.path / "station").mkdir()
    JournalFile(home.path / "station" / "journal", clock=utc_now).close()
    typed("rollover", "--yes")
    assert states(typed)["32"] == "current"


def test_a_version_is_retired_and_restored(typed: Typed) -> None:
    typed("rollover", "--yes")
    said = typed("retire", "--version", "31", answer="y\n")
    assert "restore --version 31" in said.stdout
    assert states(typed)["31"] == "retired"
    typed("restore", "--version", "31")
    assert states(typed)["31"] == "opened"


def test_retiring_without_a_yes_retires_nothing(typed: Typed) -> None:
    typed("rollover", "--yes")
    typed("retire", "--version", "31", answer="n\n", exit_code=Exit.NOT_ALL_GOOD)
    assert states(typed)["31"] == "opened"


@pytest.mark.parametrize("version", ["31", "30", "80", "33", "x"])
def test_what_cannot_be_retired_is_refused(typed: Typed, version: str) -> None:
    typed("retire", "--version", version, "--yes", exit_code=Exit.USAGE)


@pytest.mark.parametrize("command", [("show",), ("rollover", "--yes")])
def test_where_a_central_service_has_the_keys_one_is_sent_there(
    typed: Typed, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARDSERVICE_STATION_CENTRAL", "https://central.example.org")
    assert "central" in typed(*command, exit_code=Exit.HOME).stderr


def test_a_missing_master_is_called_missing(typed: Typed, home: Folder) -> None:
    typed("rollover", "--yes")
    (home.keys / "issuer-master-32.secret").unlink()
    assert states(typed)["32"] == "missing"
    typed("rollover", "--yes", exit_code=Exit.HOME)


def test_without_a_home_one_is_told_to_make_it(tmp_path: Path, typed: Typed) -> None:
    for command in (["show"], ["rollover", "--yes"]):
        env = {"CARDSERVICE_HOME": str(tmp_path / "empty")}
        result = CliRunner().invoke(keys, command, env=env)
        assert (result.exit_code, "cardservice init" in result.stderr) == (Exit.HOME, True)
    assert typed("show").exit_code == Exit.OK


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example(typed: Typed, command: str) -> None:
    shown = typed(command, "--help").stdout
    assert f"cardservice station keys {command}" in shown
