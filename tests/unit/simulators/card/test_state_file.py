"""A card in a file."""

import json
import os
from pathlib import Path

import pytest

from simulators.card import StateFileError, image, load_card, new_state_file
from simulators.card.state_file import load_cells, save_cells
from tests.unit.simulators.card.hosts import OK, send
from tests.unit.simulators.card.issuing import (
    SERIAL,
    Content,
    personalization,
    personalized,
)


def test_a_card_personalized_in_a_file_is_there_for_the_next_program(tmp_path: Path) -> None:
    path = tmp_path / "card.state"
    new_state_file(path, SERIAL)
    card = load_card(path)
    for step in list(personalization(card, Content()))[:2]:
        step()
    again = load_card(path)
    assert again.memory.cells() == card.memory.cells()
    assert send(again, "00CA00E000")[0][5] == 0x31


def test_a_wrong_pin_counts_across_programs(tmp_path: Path) -> None:
    path = tmp_path / "card.state"
    save_cells(path, personalized().memory.cells())
    wrong = b"\x00\x20\x00\x01\x080000\xff\xff\xff\xff"
    assert send(load_card(path), wrong)[1] == 0x63C2
    assert send(load_card(path), wrong)[1] == 0x63C1


def test_the_state_before_the_last_change_is_kept_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "card.state"
    save_cells(path, {"a": b"1"})
    save_cells(path, {"a": b"2"})
    assert load_cells(path) == {"a": b"2"}
    assert load_cells(tmp_path / "card.state.previous") == {"a": b"1"}
    assert sorted(one.name for one in tmp_path.iterdir()) == ["card.state", "card.state.previous"]


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "card.state"
    new_state_file(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_card_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "card.state"
    new_state_file(path, SERIAL)
    before = path.read_bytes()
    with pytest.raises(StateFileError, match="choose another name"):
        new_state_file(path)
    assert path.read_bytes() == before


def test_a_write_that_fails_leaves_the_old_state_and_is_6581(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "card.state"
    save_cells(path, personalized().memory.cells())
    card = load_card(path)
    before = path.read_bytes()

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    assert send(card, b"\x00\x20\x00\x01\x080000\xff\xff\xff\xff") == (b"", 0x6581)
    assert path.read_bytes() == before
    assert send(card, "00200001")[1] == 0x63C3


def _edited(path: Path, **changes: object) -> None:
    document = json.loads(path.read_bytes())
    document.update(changes)
    path.write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "copy card.state.previous over it"),
        (b"{", "copy card.state.previous over it"),
        (b"\xff\xfe", "copy card.state.previous over it"),
        (b"[" * 100_000, "copy card.state.previous over it"),
        (b"[]", "no state file"),
        (b'{"format": "something else"}', "no state file"),
        (b'{"format": "software-card-state"}', "format None"),
        (b'{"format": "software-card-state", "version": 2}', "format 2"),
        (b'{"format": "software-card-state", "version": 1}', "damaged"),
    ],
)
def test_a_damaged_or_foreign_file_is_one_line_that_says_what_to_do(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "card.state"
    path.write_bytes(content)
    with pytest.raises(StateFileError, match=message) as caught:
        load_card(path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content


def test_an_edited_cell_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "card.state"
    new_state_file(path, SERIAL)
    _edited(path, cells={image.LIFE_CYCLE: "0f"})
    with pytest.raises(StateFileError, match="damaged"):
        load_card(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(StateFileError, match="there is no card here"):
        load_card(tmp_path / "nothing")
    with pytest.raises(StateFileError, match="cannot be read"):
        load_card(tmp_path)


def test_a_loaded_card_answers_as_before(tmp_path: Path) -> None:
    path = tmp_path / "card.state"
    save_cells(path, personalized().memory.cells())
    assert send(load_card(str(path)), "00CADF0100") == (b"\x0f", OK)
