"""The computer stops, or the disk refuses, at every step of replacing a state file."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulators.card import load_card
from simulators.card.image import PIN_TRIES
from simulators.card.state_file import load_cells, save_cells
from tests.unit.simulators.card.hosts import send
from tests.unit.simulators.card.issuing import personalized

OLD, NEW = {"a": b"1", "b": b"2"}, {"a": b"9", "c": b"3"}
BEFORE_OLD = {"a": b"0"}
STEPS = ("open", "fsync", "replace", "unlink", "close")
"""What the operating system is asked for; each call of one of these is a step."""
SWALLOWED = 3  # the folder is opened, synchronized and closed when the file is the new one already


class Killed(BaseException):
    """The computer is off: nothing after this step happens, no handler runs."""


class Steps:
    """Counts the steps, and breaks off right before the one that was chosen."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, broken: BaseException) -> None:
        self.count, self.break_at, self._broken = 0, 0, broken
        for name in STEPS:
            monkeypatch.setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **keywords: Any) -> Any:
            self.count += 1
            if self.break_at and self.count >= self.break_at and self._stays_broken:
                raise self._broken
            if self.count == self.break_at:
                raise self._broken
            return call(*arguments, **keywords)

        return counted

    @property
    def _stays_broken(self) -> bool:
        return isinstance(self._broken, Killed)


def _steps_of_a_save(path: Path) -> int:
    with pytest.MonkeyPatch.context() as patched:
        steps = Steps(patched, Killed())
        save_cells(path, NEW)
        return steps.count


def _two_states(folder: Path) -> Path:
    path = folder / "card.state"
    save_cells(path, BEFORE_OLD)
    save_cells(path, OLD)
    return path


def _break_off(path: Path, at: int, broken: BaseException) -> bool:
    """Save, breaking off at that step; return whether the saving said so."""
    with pytest.MonkeyPatch.context() as patched:
        steps = Steps(patched, broken)
        steps.break_at = at
        try:
            save_cells(path, NEW)
        except (Killed, OSError):
            return True
    return False


def test_replacing_takes_steps_enough_to_be_broken_off(tmp_path: Path) -> None:
    assert _steps_of_a_save(_two_states(tmp_path)) >= 10


def test_a_computer_that_stops_at_any_step_leaves_the_old_state_or_the_new(
    tmp_path: Path,
) -> None:
    total = _steps_of_a_save(_two_states(tmp_path))
    found = []
    for at in range(1, total + 1):
        path = _two_states(tmp_path)
        assert _break_off(path, at, Killed())
        found.append(load_cells(path))
        assert load_cells(tmp_path / "card.state.old") in (BEFORE_OLD, OLD), f"step {at}"
    turned = found.index(NEW)
    assert found == [OLD] * turned + [NEW] * (total - turned)


def test_the_kept_copy_is_a_whole_card_that_is_not_older_than_the_last_change(
    tmp_path: Path,
) -> None:
    total = _steps_of_a_save(_two_states(tmp_path))
    for at in range(1, total + 1):
        path = _two_states(tmp_path)
        _break_off(path, at, Killed())
        if load_cells(path) == NEW:
            assert load_cells(tmp_path / "card.state.old") == OLD, f"step {at}"


def test_what_a_stopped_computer_left_behind_hinders_no_later_change(tmp_path: Path) -> None:
    total = _steps_of_a_save(_two_states(tmp_path))
    for at in range(1, total + 1):
        path = _two_states(tmp_path)
        _break_off(path, at, Killed())
        save_cells(path, NEW)
        assert load_cells(path) == NEW, f"step {at}"
        assert {one.name for one in tmp_path.iterdir()} == {"card.state", "card.state.old"}


def test_a_link_left_in_the_way_is_removed_and_not_followed(tmp_path: Path) -> None:
    path, other = _two_states(tmp_path), tmp_path / "other"
    other.write_bytes(b"somebody's own")
    (tmp_path / "card.state.new").symlink_to(other)
    save_cells(path, NEW)
    assert other.read_bytes() == b"somebody's own"


def test_a_refusal_at_any_step_is_told_if_and_only_if_the_old_state_stays(tmp_path: Path) -> None:
    total = _steps_of_a_save(_two_states(tmp_path))
    for at in range(1, total - SWALLOWED + 1):
        path = _two_states(tmp_path)
        told = _break_off(path, at, OSError(errno.EIO, "Input/output error"))
        assert load_cells(path) == (OLD if told else NEW), f"step {at}"


def test_a_folder_that_cannot_be_synchronized_comes_too_late_to_be_a_refusal(
    tmp_path: Path,
) -> None:
    total = _steps_of_a_save(_two_states(tmp_path))
    for at in (total - 2, total - 1):
        path = _two_states(tmp_path)
        assert not _break_off(path, at, OSError(errno.EINVAL, "Invalid argument"))
        assert load_cells(path) == NEW


def test_card_and_file_agree_whatever_step_of_keeping_a_try_is_refused(tmp_path: Path) -> None:
    path, cells = tmp_path / "card.state", personalized().memory.cells()
    save_cells(path, cells)
    wrong = b"\x00\x20\x00\x01\x080000\xff\xff\xff\xff"
    answers = set()
    for at in range(1, _steps_of_a_save(tmp_path / "other")):
        save_cells(path, cells)
        card = load_card(path)
        with pytest.MonkeyPatch.context() as patched:
            steps = Steps(patched, OSError(errno.ENOSPC, "No space left on device"))
            steps.break_at = at
            answers.add(send(card, wrong)[1])
        assert load_cells(path) == card.memory.cells(), f"step {at}"
        assert (card.memory.get(PIN_TRIES) == b"\x03") == (send(card, "00200001")[1] == 0x63C3)
        card.memory.close()
    assert 0x6581 in answers
