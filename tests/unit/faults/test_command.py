"""``cardsim faults``."""

from pathlib import Path

from click.testing import CliRunner, Result

from simulators.cli.faults import command
from simulators.faults import KINDS, What, When, parse_toml, plan_names


def _typed(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_every_kind_and_every_parameter_and_every_ready_plan_is_listed() -> None:
    result = _typed()
    assert result.exit_code == 0
    for kind in KINDS.values():
        assert f"  {kind.kind}: {kind.about}" in result.output
        assert all(f"    {told.name}: {told.takes}" in result.output for told in kind.parameters())
    assert all(f"    {told.name}: {told.takes}" in result.output for told in When.parameters())
    assert all(f"  {name}: " in result.output for name in plan_names())


def test_the_example_in_the_list_is_a_plan() -> None:
    example = _typed().output.partition("An example")[2].partition("\n")[2]
    assert parse_toml(example.replace("\n    ", "\n").strip()).faults


def test_a_good_file_is_told_fault_by_fault(tmp_path: Path) -> None:
    plan = tmp_path / "p.toml"
    plan.write_text(
        'about = "a test"\n[[faults]]\nwhat = "get-response"\n'
        '[[faults]]\nwhat = "mute"\nuntil_reset = true\nwhen = { nth = 2, header = "00 A4" }\n'
        f'[[faults]]\nwhat = "answer"\noctets = "{"00" * 100}"\n',
        "utf-8",
    )
    assert _typed("--check", str(plan)).output.splitlines() == [
        "3 faults, seed 0: a test",
        "  1. get-response: always",
        "  2. mute until_reset=true: nth=2 header=00A4****",
        f"  3. answer octets={'0' * 40}…: always",
    ]


def test_a_bad_file_is_one_line_and_exit_status_1(tmp_path: Path) -> None:
    plan = tmp_path / "p.toml"
    plan.write_text('[[faults]]\nwhat = "mute"\ncommands = 0\n', "utf-8")
    result = _typed("--check", str(plan))
    assert result.exit_code == 1
    assert result.output == (
        "Error: p.toml: fault 1: mute: commands is wrong: "
        "give a whole number from 1 to 1000000000\n"
    )


def test_a_ready_plan_is_shown_as_its_text_and_another_name_is_a_problem() -> None:
    assert parse_toml(_typed("--show", "slow-start").output).faults
    assert _typed("--show", "meteor").exit_code == 1


def test_help_has_an_example() -> None:
    assert "Example: cardsim faults --check" in _typed("--help").output


def test_the_root_of_the_kinds_is_no_kind_and_changes_nothing() -> None:
    assert What not in KINDS.values()
