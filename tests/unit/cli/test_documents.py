"""``docs/commands.md`` and ``docs/home.md`` leave out no command, status, setting or file."""

import pytest

from cardservice.cli.exit_codes import Exit
from cardservice.home.folder import Folder
from cardservice.settings import Settings
from tests.shared import ROOT
from tests.unit.cli.test_help import LEAVES
from tests.unit.cli.test_tour import MEMBERS

COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
HOME = (ROOT / "docs" / "home.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("leaf", LEAVES)
def test_every_command_is_documented(leaf: tuple[str, ...]) -> None:
    assert f"`cardservice {' '.join(leaf)}" in COMMANDS


@pytest.mark.parametrize("status", Exit)
def test_every_exit_status_is_documented(status: Exit) -> None:
    assert f"| {status.value} |" in COMMANDS


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    assert f"`CARDSERVICE_{name.upper()}`" in COMMANDS


@pytest.mark.parametrize("member", sorted(MEMBERS))
def test_every_member_of_the_tour_is_documented(member: str) -> None:
    assert f"`{member}`" in COMMANDS


def test_every_file_of_a_home_is_documented(home: Folder) -> None:
    files = {str(one.relative_to(home.path)) for one in home.path.rglob("*") if one.is_file()}
    named = {f"`{'keys/signer-….key' if 'signer-' in file else file}`" for file in files}
    assert sorted(one for one in named if one not in HOME) == []
