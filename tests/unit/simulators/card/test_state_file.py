"""A card in a file."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
    card.memory.close()
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
    assert load_cells(tmp_path / "card.state.old") == {"a": b"1"}
    assert sorted(one.name for one in tmp_path.iterdir()) == ["card.state", "card.state.old"]


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
        (b"", "copy card.state.old over it"),
        (b"{", "copy card.state.old over it"),
        (b"\xff\xfe", "copy card.state.old over it"),
        (b"[" * 100_000, "copy card.state.old over it"),
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
    (tmp_path / "card.state.old").touch()
    with pytest.raises(StateFileError, match=message) as caught:
        load_card(path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content
    assert len(list(tmp_path.iterdir())) == 2


def test_a_damaged_file_without_a_kept_copy_is_not_said_to_have_one(tmp_path: Path) -> None:
    path = tmp_path / "card.state"
    path.write_bytes(b"{")
    with pytest.raises(StateFileError, match=r"damaged and was left as it is: make a new card$"):
        load_card(path)


def test_an_edited_cell_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "card.state"
    new_state_file(path, SERIAL)
    _edited(path, cells={image.LIFE_CYCLE: "0f"})
    with pytest.raises(StateFileError, match="damaged"):
        load_card(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(StateFileError, match="there is no card here"):
        load_card(tmp_path / "nothing")


def test_a_folder_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(StateFileError, match="this is a folder: name the card's file in it"):
        load_card(tmp_path)


def test_a_pipe_is_not_waited_for_and_a_device_not_read_to_its_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(StateFileError, match="no state file"):
            load_card(path)


def test_a_missing_file_whose_last_state_was_kept_says_where_that_is(tmp_path: Path) -> None:
    path = tmp_path / "card.state"
    new_state_file(path)
    path.rename(tmp_path / "card.state.old")
    with pytest.raises(StateFileError, match=r"no card here: copy card\.state\.old to it"):
        load_card(path)


def _refuse(error: int) -> Callable[..., Any]:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    return refuse


def test_a_file_that_is_somebody_elses_says_who_can_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "card.state"
    new_state_file(path)
    monkeypatch.setattr(Path, "read_bytes", _refuse(errno.EACCES))
    with pytest.raises(StateFileError, match="Permission denied: become its owner"):
        load_card(path)


def test_a_new_card_in_a_folder_that_is_not_there_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(StateFileError, match=r"there is no folder .*away: make it first"):
        new_state_file(tmp_path / "away" / "card.state")


@pytest.mark.parametrize("error", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_folder_where_nothing_can_be_written_is_told_before_the_card_is_used(
    error: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "card.state"
    new_state_file(path)
    monkeypatch.setattr(os, "open", _refuse(error))
    with pytest.raises(StateFileError, match="copy the card to a folder you may write to"):
        load_card(path)


def test_a_full_disk_is_told_when_a_card_is_made_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", _refuse(errno.ENOSPC))
    with pytest.raises(StateFileError, match="No space left on device") as caught:
        new_state_file(tmp_path / "card.state")
    assert caught.value.remedy == "make room, or choose another folder"
    assert isinstance(caught.value, OSError)
    assert caught.value.strerror == "No space left on device"
    assert list(tmp_path.iterdir()) == []


def test_whoever_runs_a_card_that_cannot_be_written_reads_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "card.state"
    save_cells(path, personalized().memory.cells())
    card = load_card(path)
    monkeypatch.setattr(os, "fsync", _refuse(errno.ENOSPC))
    assert send(card, b"\x00\x20\x00\x01\x080000\xff\xff\xff\xff")[1] == 0x6581
    assert [one.getMessage() for one in caplog.records] == [
        f"{path}: not written (No space left on device), the card says 6581"
    ]


def test_a_link_to_a_card_stays_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "card.state", tmp_path / "link"
    save_cells(path, personalized().memory.cells())
    link.symlink_to(path)
    assert send(load_card(link), b"\x00\x20\x00\x01\x080000\xff\xff\xff\xff")[1] == 0x63C2
    assert link.is_symlink()
    assert load_cells(path)[image.PIN_TRIES] == b"\x02"


def test_a_loaded_card_answers_as_before(tmp_path: Path) -> None:
    path = tmp_path / "card.state"
    save_cells(path, personalized().memory.cells())
    assert send(load_card(str(path)), "00CADF0100") == (b"\x0f", OK)
