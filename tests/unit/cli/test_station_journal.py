"""``station journal``: what became of every card, in words and as JSON."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cardservice.cli.exit_codes import Exit
from cardservice.cli.station_journal import journal
from cardservice.home.folder import Folder
from cardservice.home.issuer import utc_now
from cardservice.personalization.journal import BlanksReceived, Entry, Verified
from cardservice.personalization.journal_frames import PREFACE_LEN
from cardservice.storage.journal_file import JournalFile
from tests.unit.personalization.blanks_bench import a_card

Typed = Callable[..., Result]
COMMANDS = ("show", "check", "compact", "give-up", "settle")


@pytest.fixture
def path(home: Folder) -> Path:
    """The journal of a station that made one card, told of it, and was killed in three others."""
    (home.path / "station").mkdir()
    path = home.path / "station" / "journal"
    append(
        path,
        *a_card(1, "order-1", 1),
        *a_card(2, "order-2", 2)[:7],
        *a_card(3, "order-3", 3)[:2],
        *a_card(4, "order-4", 4)[:4],
    )
    return path


def append(path: Path, *entries: Entry) -> None:
    file = JournalFile(path, clock=utc_now)
    for entry in entries:
        file.append(entry)
    file.close()


@pytest.fixture
def typed(path: Path) -> Typed:
    """Run ``station journal ARGS``."""
    env = {"CARDSERVICE_HOME": str(path.parents[1])}

    def run(*arguments: str, answer: str | None = None, exit_code: Exit = Exit.OK) -> Result:
        result = CliRunner().invoke(journal, arguments, input=answer, env=env)
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        assert result.exit_code == exit_code, result.output
        return result

    return run


def shown(typed: Typed, *arguments: str) -> Any:
    return json.loads(typed("show", "--json", *arguments).stdout)


def test_cards_with_which_something_is_to_be_done_are_listed_and_all_are_counted(
    typed: Typed,
) -> None:
    told = shown(typed)
    assert told["counts"] == {"made": 2, "to-be-finished": 1, "look-at-the-card": 1, "spoiled": 0}
    assert [(one["chip"][-1], one["verdict"], one["order"]) for one in told["cards"]] == [
        ("2", "made", "order-2"),
        ("3", "to-be-finished", None),
        ("4", "look-at-the-card", "order-4"),
    ]
    assert [one["chip"][-1] for one in shown(typed, "--all")["cards"]] == ["1", "2", "3", "4"]


def test_each_card_has_a_sentence_of_what_to_do(typed: Typed) -> None:
    said = typed("show").stdout
    assert said.splitlines()[0] == "made: 2, to be finished: 1, look at it: 1, spoiled: 0"
    assert "✔ 0000000000000002  made            order-2\n  → The registry is not told" in said
    assert "! 0000000000000003  to be finished\n  → Put the card back, for this order" in said
    assert "! 0000000000000004  look at it      order-4\n  → Put the card back with" in said
    assert "0000000000000001" not in said
    assert "✔ 0000000000000001  made            order-1\n✔" in typed("show", "--all").stdout


def test_one_card_is_found_by_its_serial(typed: Typed) -> None:
    (card,) = shown(typed, "--chip", "0000000000000001")["cards"]
    assert (card["standing"], card["need"], card["reported"]) == ("made", "Nothing.", True)
    refused = typed("show", "--chip", "00000000000000FF", exit_code=Exit.HOME)
    assert "knows no card 00000000000000FF" in refused.stderr


def test_the_cards_are_shown_while_a_station_runs(typed: Typed, path: Path) -> None:
    running = JournalFile(path, clock=utc_now)
    typed("show")
    typed("check")
    refused = [
        typed("compact", exit_code=Exit.HOME),
        typed("give-up", "--chip", "00" * 8, "--reason", "lost", exit_code=Exit.HOME),
    ]
    running.close()
    assert all("stop it first" in one.stderr for one in refused)


def test_a_whole_journal_is_whole_with_a_torn_end_too(typed: Typed, path: Path) -> None:
    assert "✔ The journal is whole: 21 entries" in typed("check").stdout
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(path.read_bytes()[PREFACE_LEN : PREFACE_LEN + 8])
    assert "8 octets of an unfinished entry" in typed("check").stdout
    told = json.loads(typed("check", "--json").stdout)
    assert (told["whole"], told["whole_octets"], told["torn_octets"]) == (True, size, 8)


def test_a_damaged_journal_is_said_to_be_with_the_place(typed: Typed, path: Path) -> None:
    octets = bytearray(path.read_bytes())
    octets[200] ^= 1
    path.write_bytes(octets)
    assert "✘ The journal cannot be believed" in typed("check", exit_code=Exit.HOME).stdout
    told = json.loads(typed("check", "--json", exit_code=Exit.HOME).stdout)
    assert told["whole"] is False
    assert told["whole_octets"] < 200
    assert "damaged" in typed("show", exit_code=Exit.HOME).stderr
    assert path.read_bytes() == octets


def test_a_journal_that_tells_no_story_is_not_believed(typed: Typed, path: Path) -> None:
    append(path, Verified(chip=bytes(8)))
    assert "does not follow" in typed("check", exit_code=Exit.HOME).stdout


def test_a_compacted_journal_is_shorter_and_says_the_same(typed: Typed, path: Path) -> None:
    append(path, BlanksReceived(first=1, last=9))
    before, size = shown(typed), path.stat().st_size
    assert "octets and has" in typed("compact").stdout
    assert path.stat().st_size < size
    assert shown(typed) == before
    assert "✔" in typed("check").stdout


GIVE_UP = ("give-up", "--chip", "0000000000000004", "--reason", "lost")


@pytest.mark.parametrize(("answer", "given_up"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_a_card_is_given_up_after_a_question(typed: Typed, answer: str, *, given_up: bool) -> None:
    code = Exit.OK if given_up else Exit.NOT_ALL_GOOD
    typed(*GIVE_UP, answer=answer, exit_code=code)
    (card,) = shown(typed, "--chip", "0000000000000004")["cards"]
    assert (card["verdict"] == "spoiled") is given_up
    assert (card["reason"] == "lost") is given_up


def test_a_card_is_given_up_once_and_only_if_it_is_known(typed: Typed) -> None:
    assert "its order is free" in typed(*GIVE_UP, "--yes").stdout
    assert typed(*GIVE_UP, "--yes", exit_code=Exit.HOME).stderr
    unknown = ("give-up", "--chip", "00000000000000FF", "--reason", "lost", "--yes")
    assert "stock spoil" in typed(*unknown, exit_code=Exit.HOME).stderr


SETTLE = ("settle", "--chip", "0000000000000004")


@pytest.mark.parametrize(("answer", "settled"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_an_outcome_nobody_takes_is_settled_after_a_question(
    typed: Typed, answer: str, *, settled: bool
) -> None:
    typed(*GIVE_UP, "--yes")
    typed(*SETTLE, answer=answer, exit_code=Exit.OK if settled else Exit.NOT_ALL_GOOD)
    (card,) = shown(typed, "--chip", "0000000000000004")["cards"]
    assert card["reported"] is settled


def test_only_an_outcome_that_waits_is_settled(typed: Typed) -> None:
    opened = typed(*SETTLE, "--yes", exit_code=Exit.HOME).stderr
    told = typed("settle", "--chip", "0000000000000001", "--yes", exit_code=Exit.HOME).stderr
    assert "Nothing of this card waits" in opened
    assert "Nothing of this card waits" in told
    unknown = ("settle", "--chip", "00000000000000FF", "--yes")
    assert "knows no card" in typed(*unknown, exit_code=Exit.HOME).stderr


@pytest.mark.parametrize("command", ["show", "check", "compact"])
def test_without_a_journal_one_line_says_so(command: str, home: Folder) -> None:
    result = CliRunner().invoke(journal, [command])
    assert result.exit_code == Exit.HOME
    assert "There is no journal at" in result.stderr
    assert not (home.path / "station").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example_of_itself(typed: Typed, command: str) -> None:
    said = typed(command, "--help").stdout
    assert f"cardservice station journal {command}" in said.partition("Example")[2]
