"""Who issues for the zoo: found by entry point, and heard when it refuses."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulators.cli.zoo import command
from simulators.reader.errors import ReaderSetupError
from simulators.zoo import CATALOGUE, FOLDER_VARIABLE, open_named, open_zoo
from simulators.zoo.named import _opened
from simulators.zoo.port import open_issuer
from tests.unit.zoo.pretended import PretendedIssuer


def run(arguments: Sequence[str]) -> tuple[int, str]:
    result = CliRunner().invoke(command, arguments)
    return result.exit_code, result.output


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> PretendedIssuer:
    pretended = PretendedIssuer()
    monkeypatch.setattr("simulators.zoo.keeper.open_issuer", lambda _: pretended)
    return pretended


def test_an_issuer_is_installed_and_makes_a_home(tmp_path: Path) -> None:
    assert "root.der" in open_issuer(tmp_path).trust_material()
    assert (tmp_path / "home.json").is_file()


def test_without_an_issuer_there_is_no_zoo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("simulators.zoo.port.entry_points", lambda **_: ())
    with pytest.raises(ReaderSetupError, match="nobody here signs") as error:
        open_issuer(tmp_path)
    assert "install" in error.value.remedy


def test_an_issuers_refusal_is_one_line_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(ReaderSetupError, match="in use") as error:
        open_issuer(tmp_path)
    assert "\n" not in str(error.value)
    assert error.value.remedy


def test_threads_and_zoos_that_share_a_folder_make_a_card_once(
    issuer: PretendedIssuer, tmp_path: Path
) -> None:
    zoos = [open_zoo(tmp_path) for _ in range(4)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda place: zoos[place % 4].card("valid"), range(32)))
    assert len(issuer.wishes) == 1


def test_the_list_names_every_card_with_its_verdict() -> None:
    code, output = run([])
    assert code == 0
    lines = output.splitlines()
    assert [line.split()[0] for line in lines] == [entry.name for entry in CATALOGUE]
    assert "invalid: chip-copied" in next(line for line in lines if line.startswith("cloned"))


def test_make_writes_what_is_named_and_says_where(issuer: PretendedIssuer, tmp_path: Path) -> None:
    folder = tmp_path / "animals"
    code, output = run(["make", str(folder), "valid", "bank"])
    assert code == 0
    assert output.splitlines()[:2] == ["valid\tcards/valid.card", "bank\tby name only"]
    assert str(folder / "trust") in output
    assert [path.name for path in (folder / "cards").iterdir()] == ["valid.card"]
    _, again = run(["make", str(folder), "valid"])
    assert again.splitlines()[0] == "valid\tcards/valid.card, as it was"
    assert len(issuer.wishes) == 1
    assert set(json.loads((folder / "trust" / "secrets.json").read_bytes())) == {"valid"}


def test_a_card_that_is_not_in_the_zoo_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "animals"
    code, output = run(["make", str(folder), "unicorn"])
    assert code == 1
    assert "'unicorn'" in output
    assert not folder.exists()


@pytest.mark.parametrize("arguments", [["--help"], ["make", "--help"]])
def test_every_help_has_an_example(arguments: list[str]) -> None:
    assert "Example: cardsim zoo" in run(arguments)[1]


def test_a_card_is_opened_by_its_name_in_the_zoo_that_the_environment_names(
    issuer: PretendedIssuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _opened.cache_clear()
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "animals"))
    on_contact, in_range = open_named("valid"), open_named("valid", interface="contactless")
    assert on_contact.atr != in_range.atr
    assert on_contact is not open_named("valid")
    assert len(issuer.wishes) == 1
    assert (tmp_path / "animals" / "kept" / "valid.card").is_file()
    _opened.cache_clear()
