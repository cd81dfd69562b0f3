"""``station stock``: what is booked, what is refused, and that nothing is booked half."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cardservice.cli.exit_codes import Exit
from cardservice.cli.station_stock import stock
from cardservice.home.folder import Folder
from cardservice.home.issuer import utc_now
from cardservice.personalization.journal import BlanksReceived, CardSeen
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.storage.journal_file import JournalFile

Typed = Callable[..., Result]
FIRST, LAST = "00000000000003E8", "00000000000005DB"  # 1000 to 1499
NAME = "cardservice station stock"
COMMANDS = ("show", "receive", "return", "spoil", "count")


@pytest.fixture
def typed(home: Folder) -> Typed:
    """Run ``station stock ARGS`` at a home that was never a station."""
    env = {"CARDSERVICE_HOME": str(home.path)}

    def run(*arguments: str, exit_code: Exit = Exit.OK) -> Result:
        result = CliRunner().invoke(stock, arguments, prog_name=NAME, env=env)
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        assert result.exit_code == exit_code, result.output
        return result

    return run


def shown(typed: Typed) -> Any:
    return json.loads(typed("show", "--json").stdout)


def begun(home: Folder, serial: int) -> None:
    """Let the journal say that a card was begun on the blank with this serial."""
    file = JournalFile(home.path / "station" / "journal", clock=utc_now)
    chip = serial.to_bytes(8)
    StationJournal(file, starts=False).note(CardSeen(chip=chip, order="a", lane=1))
    file.close()


def test_blanks_are_received_given_back_and_shown(typed: Typed) -> None:
    said = typed("receive", "--first", FIRST, "--last", LAST, "--count", "500").stdout
    assert "received           500" in said
    typed("return", "--first", "00000000000005da", "--last", LAST)
    typed("spoil", "--chip", FIRST, "--reason", "broken")
    told = shown(typed)
    assert told == {
        "received": 500,
        "in_tray": 497,
        "begun": 0,
        "made": 0,
        "spoiled": 1,
        "returned": 2,
        "balanced": True,
        "tray": [{"first": "00000000000003E9", "last": "00000000000005D9"}],
    }
    said = typed("show").stdout
    assert "given back           2" in said
    assert "In the tray: 00000000000003E9 to 00000000000005D9" in said


def test_one_blank_needs_no_last(typed: Typed) -> None:
    assert json.loads(typed("receive", "--first", FIRST, "--json").stdout)["received"] == 1


def test_a_wrong_receipt_is_undone_by_a_return(typed: Typed) -> None:
    for command in ("receive", "return", "receive"):
        typed(command, "--first", FIRST, "--last", LAST)
    assert (shown(typed)["in_tray"], shown(typed)["returned"]) == (500, 500)
    assert "station stock return" in typed("receive", "--help").stdout


def test_a_range_of_another_count_is_a_slip_and_books_nothing(typed: Typed) -> None:
    refused = typed(
        *("receive", "--first", FIRST, "--last", LAST, "--count", "501"), exit_code=Exit.HOME
    )
    assert "there are 500 serials, not 501" in refused.stderr
    assert "no journal" in typed("show", exit_code=Exit.HOME).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("receive", "--first", LAST), "received already"),
        (("return", "--first", "00000000000005DC"), "never received"),
        (("return", "--first", FIRST), "no blank: it is begun"),
        (("spoil", "--chip", FIRST, "--reason", "lost"), "journal give-up"),
        (("spoil", "--chip", "00" * 8, "--reason", "lost"), "never received"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    typed: Typed, home: Folder, arguments: tuple[str, ...], said: str
) -> None:
    typed("receive", "--first", FIRST, "--last", LAST)
    begun(home, 1000)
    before = shown(typed)
    refused = typed(*arguments, exit_code=Exit.HOME)
    assert said in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert shown(typed) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("receive", "--first", "3E8"),
        ("receive", "--first", "00000000000003EG"),
        ("receive", "--first", LAST, "--last", FIRST),
        ("receive", "--first", FIRST, "--count", "0"),
        ("spoil", "--chip", FIRST, "--reason", "stolen"),
        ("count",),
        ("count", "--first", FIRST),
        ("count", "--empty", "--first", FIRST, "--last", LAST),
        ("count", "--first", LAST, "--last", FIRST),
    ],
)
def test_serials_and_ranges_that_are_none_are_wrong_usage(
    typed: Typed, arguments: tuple[str, ...]
) -> None:
    typed(*arguments, exit_code=Exit.USAGE)


def test_a_tray_as_booked_is_well(typed: Typed) -> None:
    typed("receive", "--first", FIRST, "--last", LAST)
    assert "✔" in typed("count", "--first", FIRST, "--last", LAST).stdout


def test_a_count_says_what_is_missing_foreign_and_used(
    typed: Typed, home: Folder, tmp_path: Path
) -> None:
    typed("receive", "--first", FIRST, "--last", LAST)
    begun(home, 1000)
    scanned = tmp_path / "scanned.txt"
    scanned.write_text(f"# box 7\n{FIRST}-00000000000005d9\n\n00000000000000FF # other colour\n")
    found = typed("count", "--serials", str(scanned), "--json", exit_code=Exit.NOT_ALL_GOOD)
    assert json.loads(found.stdout) == {
        "as_booked": False,
        "missing": [{"first": "00000000000005DA", "last": LAST}],
        "foreign": [{"first": "00000000000000FF", "last": "00000000000000FF"}],
        "used": [{"chip": FIRST, "place": "begun"}],
    }
    said = typed("count", "--serials", str(scanned), exit_code=Exit.NOT_ALL_GOOD).stdout
    assert said.count("✘") == said.count("→") == 3


@pytest.mark.parametrize("line", ["03E8", f"{LAST}-{FIRST}", "x" * 300, f"{FIRST} {LAST}"])
def test_a_file_of_something_else_is_refused_with_the_line(
    typed: Typed, tmp_path: Path, line: str
) -> None:
    typed("receive", "--first", FIRST)
    scanned = tmp_path / "scanned.txt"
    scanned.write_text(f"{FIRST}\n{line}\n")
    assert "line 2" in typed("count", "--serials", str(scanned), exit_code=Exit.USAGE).stderr


def test_an_empty_tray_with_blanks_missing_is_an_error(typed: Typed) -> None:
    typed("receive", "--first", FIRST, "--last", LAST)
    refused = typed("count", "--empty", exit_code=Exit.HOME)
    assert f"500 ({FIRST} to {LAST})" in refused.stderr
    typed("return", "--first", FIRST, "--last", LAST)
    assert "✔" in typed("count", "--empty").stdout


def test_where_no_blanks_are_kept_there_is_nothing_to_compare(typed: Typed, home: Folder) -> None:
    (home.path / "station").mkdir()
    begun(home, 1000)
    assert "nothing is counted" in typed("show").stdout
    assert "station stock receive" in typed("count", "--empty", exit_code=Exit.HOME).stderr


ARGUMENTS = {
    "show": (),
    "receive": ("--first", LAST),
    "return": ("--first", FIRST),
    "spoil": ("--chip", FIRST, "--reason", "lost"),
    "count": ("--empty",),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_is_booked_or_counted_while_a_station_runs(
    typed: Typed, home: Folder, command: str
) -> None:
    typed("receive", "--first", FIRST)
    running = JournalFile(home.path / "station" / "journal", clock=utc_now)
    refused = typed(command, *ARGUMENTS[command], exit_code=Exit.HOME)
    running.close()
    assert "stop it first" in refused.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example_of_itself(typed: Typed, command: str) -> None:
    assert f"cardservice station stock {command}" in typed(command, "--help").stdout


def test_a_journal_that_does_not_add_up_is_shown_and_takes_nothing(
    typed: Typed, home: Folder
) -> None:
    (home.path / "station").mkdir()
    file = JournalFile(home.path / "station" / "journal", clock=utc_now)
    for _ in range(2):
        file.append(BlanksReceived(first=1, last=5))
    file.close()
    assert "do not add up" in typed("show", exit_code=Exit.NOT_ALL_GOOD).stderr
    assert "do not add up" in typed("receive", "--first", FIRST, exit_code=Exit.HOME).stderr


def test_without_a_home_nothing_is_made(tmp_path: Path) -> None:
    result = CliRunner().invoke(stock, ["receive", "--first", FIRST])
    assert result.exit_code == Exit.HOME
    assert "cardservice init" in result.stderr
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_of_its_own_needs_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARDSERVICE_STATION_FOLDER", str(tmp_path / "station"))
    assert CliRunner().invoke(stock, ["receive", "--first", FIRST]).exit_code == Exit.OK
    assert (tmp_path / "station" / "journal").stat().st_mode & 0o077 == 0
    assert (tmp_path / "station").stat().st_mode & 0o077 == 0
