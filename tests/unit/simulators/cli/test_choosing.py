"""What options name becomes a card, a plan or a time; what they cannot mean is one line."""

from pathlib import Path

import pytest

from simulators.card import Interface
from simulators.cli.choosing import choose_card, choose_plan, choose_timing, kept_card
from simulators.faults import named_plan
from simulators.models.timing import TimeMode
from simulators.reader.cards import new_state_file
from simulators.reader.errors import ReaderSetupError

SELECT_MASTER_FILE = bytes.fromhex("00A40000023F00")


def test_a_blank_card_is_a_new_one_each_time() -> None:
    one, other = (choose_card(None, None, blank=True) for _ in range(2))
    assert one.memory is not None
    assert other.memory is not None
    assert one.memory.cells() != other.memory.cells()
    assert one.at(Interface.CONTACT).execute(SELECT_MASTER_FILE)[-2:] == b"\x90\x00"


def test_a_blank_card_with_a_file_is_kept_there(tmp_path: Path) -> None:
    file = tmp_path / "anna.card"
    made = choose_card(file, None, blank=True)
    assert made.memory is not None
    cells = made.memory.cells()
    made.memory.close()
    again = kept_card(file)
    assert again.memory is not None
    assert again.memory.cells() == cells


def test_a_card_of_the_zoo_comes_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARDSIM_ZOO", str(tmp_path / "zoo"))
    assert choose_card(None, "blank", blank=False).memory is not None
    assert (tmp_path / "zoo").is_dir()


@pytest.mark.parametrize(
    ("zoo", "blank", "remedy"),
    [
        (None, False, "--zoo NAME"),
        ("valid", True, "--zoo alone"),
        ("unicorn", False, "cardsim zoo"),
    ],
)
def test_a_choice_that_names_no_card_says_how_to(zoo: str | None, blank: bool, remedy: str) -> None:
    with pytest.raises(ReaderSetupError) as refused:
        choose_card(None, zoo, blank=blank)
    assert remedy in refused.value.remedy


def test_a_file_that_another_program_holds_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "held.card"
    new_state_file(file)
    held = kept_card(file)
    assert held.memory is not None
    with pytest.raises(ReaderSetupError, match=r"held\.card"):
        kept_card(file)


def test_a_plan_comes_by_name_or_from_a_file(tmp_path: Path) -> None:
    assert choose_plan(None) is None
    assert choose_plan("noisy-line") == named_plan("noisy-line")
    file = tmp_path / "plan.toml"
    file.write_text('[[faults]]\nwhat = "mute"\n')
    plan = choose_plan(str(file))
    assert plan is not None
    assert len(plan.faults) == 1
    with pytest.raises(ReaderSetupError):
        choose_plan(str(tmp_path / "none.toml"))


def test_a_time_is_a_mode_and_perhaps_a_chip() -> None:
    assert choose_timing(None) is None
    real, slow = choose_timing("real"), choose_timing("virtual:slowest")
    assert real is not None
    assert slow is not None
    assert (real.mode, slow.mode, slow.chip.name) == (TimeMode.REAL, TimeMode.VIRTUAL, "slowest")
    with pytest.raises(ReaderSetupError, match="warp"):
        choose_timing("warp")
