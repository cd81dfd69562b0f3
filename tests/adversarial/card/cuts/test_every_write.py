"""The power goes at every write of a personalization and of a change of insurer, and again.

Whatever the write, the next power-up finds the card as before the command that was cut or as after
it, in all its memory and all it tells; what was cut is then done, or refused since it was done.
"""

import os
import sys
from pathlib import Path

import pytest

from simulators.card import NonVolatileMemory, PowerCut, load_memory
from simulators.card.state_file import load_cells, save_cells
from tests.adversarial.card.cuts.recovering import (
    assert_mute,
    cut_again_while_recovering,
    go_on,
    is_whole,
    powered_up,
)
from tests.adversarial.card.cuts.scenes import CHANGE_OF_INSURER, PERSONALIZATION, Scene

SCENES = (PERSONALIZATION, CHANGE_OF_INSURER)
BOTH = {"old", "new"}


def _say(capsys: pytest.CaptureFixture[str], what: str, recovered: int, cuts: int) -> None:
    with capsys.disabled():
        # Not standard output: that of the suite's worker processes leads nowhere.
        sys.stderr.write(f"\n{what}: {recovered} of {cuts} cut points recovered\n")
        sys.stderr.flush()


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_cut_at_any_write_leaves_the_old_card_or_the_new_and_it_goes_on(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder, found = scene.recorded(), []
    for write in recorder.writes:
        card = scene.cut_at(write)
        assert_mute(card)
        card.power_up()
        found.append(is_whole(card, recorder, write))
        go_on(scene, card, recorder)
    assert set(found) == BOTH
    _say(capsys, scene.name, len(found), len(recorder.writes))


def test_a_second_cut_at_any_write_of_the_recovery_is_recovered_from_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cuts = recovered = 0
    for scene in SCENES:
        recorder = scene.recorded()
        for write in recorder.writes:
            for card in cut_again_while_recovering(scene.cut_at(write)):
                cuts += 1
                assert is_whole(card, recorder, write) == "new"
                go_on(scene, card, recorder)
                recovered += 1
    assert cuts > 100
    _say(capsys, "cut again while recovering", recovered, cuts)


def _is_cut_at(memory: NonVolatileMemory, write: int) -> bool:
    memory.cut_power_at(write)
    try:
        powered_up(memory)
    except PowerCut:
        return True
    return False


def test_a_recovery_that_is_cut_later_each_time_comes_to_its_end() -> None:
    recorder = CHANGE_OF_INSURER.recorded()
    write = recorder.writes[-2]
    memory, cuts = CHANGE_OF_INSURER.cut_at(write).memory, 0
    while _is_cut_at(memory, memory.writes + cuts + 1):
        cuts += 1
    memory.cut_power_at(0)
    assert is_whole(powered_up(memory), recorder, write) == "new"
    assert cuts == len({"0302", "011D", "01B0"}) + 1


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_file_of_a_card_is_old_or_new_at_any_cut_and_the_next_program_goes_on(
    scene: Scene,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The card loses its power here, not the computer, and a thousand flushes are slow.
    monkeypatch.setattr(os, "fsync", lambda _: None)
    path, recorder, found = tmp_path / "torn.card", scene.recorded(), []
    for write in recorder.writes:
        save_cells(path, scene.cells())
        card = scene.cut_at(write, load_memory(path))
        in_file = load_cells(path)
        card.power_up()
        assert in_file == card.memory.cells(), f"write {write}: file and card differ"
        card.memory.close()
        again = powered_up(load_memory(path))
        found.append(is_whole(again, recorder, write))
        go_on(scene, again, recorder)
        assert load_cells(path) == again.memory.cells()
        again.memory.close()
    assert set(found) == BOTH
    _say(capsys, f"{scene.name}, from its file", len(found), len(recorder.writes))
