"""``cardservice desk pairing`` as a person at a terminal meets it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cardservice.cli.desk_pairing import pairing
from cardservice.home.desk_pairing import DeskPairings
from tests.unit.web.examples import AT

HERE = "https://clinic.example.org"


@pytest.fixture
def pairings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskPairings:
    monkeypatch.setenv("CARDSERVICE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CARDSERVICE_DESK_FOLDER", str(tmp_path / "desk"))
    return DeskPairings(tmp_path / "desk")


def test_pairings_are_listed_without_what_opens_anything(pairings: DeskPairings) -> None:
    made, token = pairings.add("МИС", HERE, at=AT)
    plain = CliRunner().invoke(pairing, ["list"])
    assert plain.output == f"{made.id}  2026-11-22 09:30  {HERE}  МИС\n"
    said = CliRunner().invoke(pairing, ["list", "--json"])
    assert json.loads(said.output)[0]["origin"] == HERE
    assert token not in said.output
    assert made.token_hash not in said.output


def test_a_pairing_is_ended(pairings: DeskPairings) -> None:
    made, token = pairings.add("МИС", HERE, at=AT)
    assert CliRunner().invoke(pairing, ["end", made.id]).output == f"Ended: МИС, {HERE}\n"
    assert pairings.holder_of(token, HERE) is None


def test_a_pairing_that_is_not_there_is_an_error(pairings: DeskPairings) -> None:
    result = CliRunner().invoke(pairing, ["end", "0123456789abcdef"])
    assert result.exit_code != 0
    assert pairings.all() == ()
    assert "pairing" in result.output


def test_a_desk_without_pairings_lists_none(pairings: DeskPairings) -> None:
    assert CliRunner().invoke(pairing, ["list"]).output == ""
    assert pairings.all() == ()
