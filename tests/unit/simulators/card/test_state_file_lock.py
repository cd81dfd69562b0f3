"""One state file, one holder: in this process and in others."""

import errno
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulators.card import StateFileError, load_card, load_memory, new_state_file
from simulators.card.image import PIN_TRIES
from simulators.card.state_file import load_cells, save_cells
from simulators.card.state_lock import StateLock
from tests.unit.simulators.card.hosts import OK, send
from tests.unit.simulators.card.issuing import personalized

PATIENCE_S = 30
HOLDER = """
import sys
from simulators.card import load_card
card = load_card(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "anna.card"
    save_cells(path, personalized().memory.cells())
    return path


def _holding(path: Path) -> subprocess.Popen[str]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_card_in_use_by_another_process_is_refused_in_one_line_that_says_whose(
    path: Path,
) -> None:
    with _holding(path) as holder:
        with pytest.raises(StateFileError) as refused:
            load_card(path)
        holder.communicate("", timeout=PATIENCE_S)
    assert str(refused.value) == (
        f"{path}: this card is in use by process {holder.pid}: take it out there first"
    )


def test_a_card_is_free_again_when_its_process_ended_and_nothing_is_left_behind(
    path: Path,
) -> None:
    with _holding(path) as holder:
        holder.communicate("", timeout=PATIENCE_S)
    assert send(load_card(path), "00CADF0100") == (b"\x0f", OK)
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_card_is_free_again_when_its_process_was_killed(path: Path) -> None:
    with _holding(path) as holder:
        holder.kill()
        holder.communicate(timeout=PATIENCE_S)
    assert path.with_name("anna.card.lock").exists()
    assert send(load_card(path), "00CADF0100") == (b"\x0f", OK)


def test_the_same_process_has_a_card_once_too(path: Path) -> None:
    card = load_card(path)
    with pytest.raises(StateFileError, match=f"in use by process {os.getpid()}"):
        load_memory(path)
    assert send(card, "00CADF0100") == (b"\x0f", OK)


def test_a_card_that_is_thrown_away_is_free(path: Path) -> None:
    load_card(path)
    assert load_card(path).memory.cells() == load_cells(path)


def test_a_memory_that_was_closed_lets_others_have_the_card_and_writes_no_more(
    path: Path,
) -> None:
    card = load_card(path)
    card.memory.close()
    card.memory.close()
    other = load_card(path)
    wrong = b"\x00\x20\x00\x01\x080000\xff\xff\xff\xff"
    assert send(card, wrong)[1] == 0x6581
    assert send(other, wrong)[1] == 0x63C2
    assert load_cells(path)[PIN_TRIES] == b"\x02"


def test_another_name_of_the_same_file_is_the_same_card(path: Path) -> None:
    link = path.with_name("berta.card")
    link.symlink_to(path)
    card = load_card(path)
    with pytest.raises(StateFileError, match="in use"):
        load_card(link)
    assert card.memory.cells() == load_cells(link)


def test_what_is_no_card_is_not_locked(tmp_path: Path) -> None:
    path = tmp_path / "damaged.card"
    path.write_bytes(b"{")
    with pytest.raises(StateFileError, match="damaged"):
        load_card(path)
    assert [one.name for one in tmp_path.iterdir()] == ["damaged.card"]


def test_what_is_no_card_is_told_before_any_lock_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "damaged.card"
    path.write_bytes(b"{")
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("a file was opened beside it"))
    with pytest.raises(StateFileError, match="damaged"):
        load_card(path)


def test_a_card_that_was_damaged_before_its_lock_was_had_is_let_go_at_once(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(descriptor: int, operation: int) -> None:
        flock(descriptor, operation)
        path.write_bytes(b"{")

    flock = fcntl.flock
    monkeypatch.setattr(fcntl, "flock", locked)
    with pytest.raises(StateFileError) as refused:
        load_card(path)
    # The error still holds everything that its traceback passed through.
    assert "damaged" in refused.value.problem
    assert not path.with_name("anna.card.lock").exists()


def test_two_who_make_one_card_at_once_do_not_overwrite_each_other(tmp_path: Path) -> None:
    path = tmp_path / "anna.card"
    lock = StateLock(path)
    with pytest.raises(StateFileError, match="in use"):
        new_state_file(path)
    lock.release()
    new_state_file(path)
    assert load_cells(path)


def test_a_lock_whose_file_was_just_removed_by_its_last_holder_is_taken_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, flock = path.with_name("anna.card.lock"), fcntl.flock
    opened: list[int] = []

    def locked_too_late(descriptor: int, operation: int) -> None:
        if not opened:
            place.unlink()
        opened.append(descriptor)
        flock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", locked_too_late)
    lock = StateLock(path)
    assert len(opened) == 2
    assert place.read_text() == f"{os.getpid()}\n"
    lock.release()
    assert not place.exists()


def test_a_child_process_that_lets_go_takes_nothing_from_its_parent(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, pid = StateLock(path), os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: pid + 1)
    lock.release()
    assert path.with_name("anna.card.lock").exists()


def test_a_place_where_nothing_can_be_locked_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(StateFileError, match="No locks available"):
        load_card(path)
