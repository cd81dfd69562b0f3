"""``cardsim map`` from the outside: what it prints, writes and returns."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulators.card.state_file import save_cells
from simulators.cli.map import command
from tests.unit.cardmap.cards import made, with_owner


@pytest.fixture
def cards(tmp_path: Path) -> tuple[str, str]:
    one, other = tmp_path / "one.card", tmp_path / "other.card"
    save_cells(one, made(photo=True))
    save_cells(other, with_owner(bytes.fromhex("6204 5F210141")))
    return str(one), str(other)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_one_card_is_mapped_with_status_0(cards: tuple[str, str]) -> None:
    result = _run(cards[0])
    assert result.exit_code == 0
    assert "5F21 surname · 12 octets · masked" in result.stdout
    assert "ИВАНОВ" in _run(cards[0], "--unmasked").stdout


def test_same_cards_return_0_and_different_ones_3(cards: tuple[str, str]) -> None:
    one, other = cards
    assert _run(one, one).exit_code == 0
    result = _run(one, other)
    assert result.exit_code == 3
    assert "only in" in result.stdout


def test_json_is_one_document(cards: tuple[str, str]) -> None:
    result = _run(*cards, "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 3
    assert [one["title"] for one in document["cards"]] == list(cards)
    assert document["comparison"]["same"] is False


def test_a_page_is_written(cards: tuple[str, str], tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    result = _run(cards[0], "--html", str(page))
    assert (result.exit_code, result.stdout) == (0, "")
    assert page.read_text().startswith("<!doctype html>")


def test_a_page_is_never_written_over_a_card(cards: tuple[str, str]) -> None:
    before = Path(cards[1]).read_bytes()
    result = _run(*cards, "--html", cards[1])
    assert result.exit_code == 1
    assert "choose another name" in result.stderr
    assert Path(cards[1]).read_bytes() == before


@pytest.mark.parametrize("content", [None, b"{}", b"\x00"])
def test_a_file_that_is_no_card_is_one_line_and_status_1(
    content: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "no.card"
    if content is not None:
        path.write_bytes(content)
    result = _run(str(path))
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_a_page_that_cannot_be_written_is_one_line_and_status_1(
    cards: tuple[str, str], tmp_path: Path
) -> None:
    result = _run(cards[0], "--html", str(tmp_path / "nowhere" / "map.html"))
    assert result.exit_code == 1
    assert "choose a folder" in result.stderr


def test_the_cards_are_only_read(cards: tuple[str, str], tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    _run(*cards)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_help_has_an_example() -> None:
    assert "Example: cardsim map" in _run("--help").stdout
