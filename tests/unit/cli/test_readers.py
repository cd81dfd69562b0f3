"""``reader list`` and ``reader doctor``, with and without PC/SC."""

import json
import sys

import pytest

from cardservice.cli.exit_codes import Exit
from cardservice.errors import ReaderUnavailableError
from cardservice.transport.doctor import Finding
from tests.unit.cli.conftest import Type

LIST = "cardservice.cli.readers.list_readers"
DIAGNOSE = "cardservice.cli.readers.diagnose"


def test_readers_are_listed_as_the_option_takes_them(
    cardservice_typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LIST, lambda: ("Reader A 00", "Reader B 00"))
    result = cardservice_typed("reader", "list")
    assert (result.exit_code, result.stdout) == (Exit.OK, "pcsc:Reader A 00\npcsc:Reader B 00\n")
    told = json.loads(cardservice_typed("reader", "list", "--json").stdout)
    assert told["readers"] == ["pcsc:Reader A 00", "pcsc:Reader B 00"]
    assert set(told["schemes"]) == {"pcsc", "sim", "simfeed"}
    assert told["problem"] is None


def test_no_reader_connected_is_said(
    cardservice_typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LIST, tuple)
    result = cardservice_typed("reader", "list")
    assert result.exit_code == Exit.OK
    assert "reader doctor" in result.stdout


def test_a_service_that_cannot_be_reached_is_a_problem_in_both_forms(
    cardservice_typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost() -> tuple[str, ...]:
        raise ReaderUnavailableError("the service is away", remedy="start it")

    monkeypatch.setattr(LIST, lost)
    result = cardservice_typed("reader", "list")
    assert result.exit_code == Exit.READER
    assert "the service is away (start it)" in result.stderr
    told = cardservice_typed("reader", "list", "--json")
    assert told.exit_code == Exit.READER
    assert json.loads(told.stdout)["problem"] == "the service is away (start it)"
    assert told.stderr == ""


@pytest.mark.parametrize("command", ["list", "doctor"])
def test_without_pyscard_the_commands_say_so_and_what_to_install(
    command: str, cardservice_typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "smartcard"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "smartcard", None)
    result = cardservice_typed("reader", command)
    assert result.exit_code == Exit.READER
    assert "pyscard" in result.output
    assert "nstall" in result.output


def test_the_doctor_says_what_is_well_and_what_to_do_where_it_is_not(
    cardservice_typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    well = Finding("a", ok=True, sentence="This is well.")
    broken = Finding("b", ok=False, sentence="This is broken.", remedy="Mend it.")
    monkeypatch.setattr(DIAGNOSE, lambda: [well, broken])
    result = cardservice_typed("reader", "doctor")
    assert result.exit_code == Exit.READER
    assert result.stdout == "✔ This is well.\n✘ This is broken.\n  → Mend it.\n"
    told = json.loads(cardservice_typed("reader", "doctor", "--json").stdout)
    assert [(one["code"], one["ok"], one["remedy"]) for one in told] == [
        ("a", True, ""),
        ("b", False, "Mend it."),
    ]


def test_where_all_is_well_the_doctor_succeeds(
    cardservice_typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DIAGNOSE, lambda: [Finding("a", ok=True, sentence="This is well.")])
    assert cardservice_typed("reader", "doctor").exit_code == Exit.OK
