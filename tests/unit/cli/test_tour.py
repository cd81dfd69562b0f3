"""``tour``: one line a card that stays in line, a summary for people, one object for programs."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from cardservice.cli.exit_codes import Exit
from cardservice.cli.tour import card_line
from cardservice.cli.wording import sayer
from cardservice.domain.verdict import Check, CheckName, Outcome, Reason, Verdict
from cardservice.home.issuer import utc_now
from cardservice.home.tour import Stage, TouredCard
from cardservice.texts.languages import Language
from cardservice.verify.examination import Examination, Problem
from tests.shared import data
from tests.unit.cli.conftest import Type

MEMBERS = {
    "cards",
    "valid",
    "invalid",
    "undecided",
    "refused_rows",
    "personalize_ms",
    "verify_ms",
    "apdus",
    "host_share",
    "verdicts",
}


def toured(ms: float, outcome: Outcome | None = Outcome.VALID) -> TouredCard:
    checks = () if outcome is None else (Check(CheckName.CHIP_GENUINE, outcome, Reason.NOT_READ),)
    verdict = Verdict(checks, utc_now()) if checks else None
    problem = None if verdict else Problem.CARD_UNREADABLE
    examination = Examination(verdict=verdict, problem=problem)
    return TouredCard("••••••••••••0019", examination, Stage(ms, ms, 36), Stage(ms, ms, 14))


def test_json_is_one_object_and_nothing_is_on_standard_error(cardservice_typed: Type) -> None:
    result = cardservice_typed("tour", "--count", "2", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == Exit.OK
    assert set(told) == MEMBERS
    assert (told["cards"], told["valid"], told["invalid"], told["undecided"]) == (2, 2, 0, 0)
    assert [one["outcome"] for one in told["verdicts"]] == ["valid", "valid"]
    assert result.stderr == ""


def test_it_prints_a_line_a_card_and_a_summary(cardservice_typed: Type) -> None:
    result = cardservice_typed("tour", "--count", "2")
    lines = result.stdout.splitlines()
    assert [line[:31] for line in lines[:2]] == [
        "✔ ••••••••••••0019  valid      ",
        "✔ ••••••••••••0021  valid      ",
    ]
    assert "2: 2 valid, 0 invalid, 0 undecided" in result.stdout
    assert len(re.findall(r" of 100; [1-9][0-9]* commands a card", result.stdout)) == 2
    assert "{" not in result.stdout


def test_insecure_keys_are_one_calm_line_on_standard_error(cardservice_typed: Type) -> None:
    result = cardservice_typed("tour", "--count", "1")
    assert result.stderr == "note: InsecureMemoryKeyStore: keys are not protected\n"


def test_names_of_holders_are_nowhere_in_what_it_prints(cardservice_typed: Type) -> None:
    result = cardservice_typed("tour", "--count", "2")
    surnames = [line.split(",")[0] for line in data("holders.csv").decode().splitlines()[1:3]]
    assert not any(name in result.output for name in surnames)


@pytest.mark.parametrize("language", Language)
def test_lines_of_quick_and_slow_good_and_bad_cards_have_their_columns_in_line(
    language: Language,
) -> None:
    say = sayer(language)
    lines = [
        card_line(toured(ms, outcome), say, 200).plain
        for ms, outcome in ((1.25, Outcome.VALID), (12345.6, Outcome.UNDECIDED))
    ]
    assert len({len(line) for line in lines}) == 1
    assert len({line.rindex(say("read in {ms} ms")[:4]) for line in lines}) == 1


@pytest.mark.parametrize("width", [20, 30, 40, 60, 80])
@pytest.mark.parametrize("outcome", [*Outcome, None])
def test_a_line_has_room_on_a_narrow_terminal(width: int, outcome: Outcome | None) -> None:
    for language in Language:
        line = card_line(toured(5.0, outcome), sayer(language), width).plain
        assert len(line) <= width
        assert "0019" in line


@pytest.mark.parametrize("language", Language)
def test_a_usual_terminal_has_room_for_the_whole_line(language: Language) -> None:
    checks = tuple(Check(name, Outcome.VALID, Reason.NOT_READ) for name in CheckName)
    card = replace(toured(99999.9), examination=Examination(verdict=Verdict(checks, utc_now())))
    whole = card_line(card, sayer(language), 200).plain
    assert card_line(card, sayer(language), 80).plain == whole
    assert whole.count("99999.9") == 2


def test_a_card_that_could_not_be_read_is_called_unread() -> None:
    assert "unread" in card_line(toured(5.0, None), sayer(Language.EN), 200).plain


def test_the_summary_is_said_in_russian_where_settings_say_so(cardservice_typed: Type) -> None:
    result = cardservice_typed("tour", "--count", "1", env={"CARDSERVICE_LANGUAGE": "ru"})
    assert "1: годных 1, негодных 0, неясных 0" in result.stdout
    assert len(re.findall(r"; [1-9][0-9]* команд на карту", result.stdout)) == 2
    assert "valid" not in result.stdout


def test_rows_refused_on_the_way_are_counted(cardservice_typed: Type) -> None:
    result = cardservice_typed("tour", "--count", "8", "--json")
    assert json.loads(result.stdout)["refused_rows"] == 1


def test_a_table_without_a_good_row_is_refused(cardservice_typed: Type, tmp_path: Path) -> None:
    table = tmp_path / "header-only.csv"
    table.write_bytes(data("holders.csv").splitlines()[0])
    result = cardservice_typed("tour", "--holders", str(table))
    assert result.exit_code == Exit.HOME
    assert result.stderr == ("cardservice: The table has no row for which a card can be made.\n")


def test_production_refuses_the_tour_and_says_how_to_try_it(cardservice_typed: Type) -> None:
    result = cardservice_typed("tour", env={"CARDSERVICE_PRODUCTION": "1"})
    assert result.exit_code == Exit.USAGE
    assert "CARDSERVICE_PRODUCTION" in result.stderr
    assert result.stdout == ""


def test_a_real_reader_is_asked_about_before_anything_is_written(
    cardservice_typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    def must_not_open(url: str) -> None:
        raise AssertionError(url)

    monkeypatch.setattr("cardservice.transport.tray.open_link", must_not_open)
    result = cardservice_typed("tour", "--reader", "pcsc:Desk", typed="n\n")
    assert result.exit_code == Exit.NOT_ALL_GOOD
    assert "BLANK card into pcsc:Desk" in result.stderr


@pytest.mark.parametrize("count", ["0", "221", "many"])
def test_a_count_out_of_range_is_wrong_usage(count: str, cardservice_typed: Type) -> None:
    assert cardservice_typed("tour", "--count", count).exit_code == Exit.USAGE
