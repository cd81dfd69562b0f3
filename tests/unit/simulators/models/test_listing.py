"""``cardsim models``: every number of every model, with its source, for people and programs."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from simulators.cli.models import command
from simulators.models import load_chips, load_lines, load_readers
from simulators.models.listing import listed_models


def _typed(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_every_model_is_listed_by_its_name() -> None:
    names = [one.name for one in listed_models()]
    assert names == [*load_chips(), *load_lines(), *load_readers()]


def test_every_number_is_listed_with_its_source() -> None:
    for one in listed_models():
        assert one.numbers
        assert all(quantity.source for quantity in one.numbers.values())


def test_what_a_line_comes_to_is_what_the_model_takes() -> None:
    lines = {one.name: one for one in listed_models() if one.kind == "lines"}
    assert lines["contactless-106k"].numbers["bit_carriers"].value == 128
    assert lines["contact-129k"].numbers["clock_hz"].value == 4_000_000
    assert lines["contactless-106k"].results["activation_ms"] == 20
    assert round(lines["contact-250k"].results["octet_us"]) == 44


def test_people_see_names_numbers_and_sources() -> None:
    said = _typed().stdout
    assert "chips: median" in said
    assert "lines: contactless-424k" in said
    rows = [row for row in said.splitlines() if "ecdh_ms" in row and "104" in row]
    assert "JCAlgTest" in rows[0]


def test_programs_get_the_same_as_json() -> None:
    document = json.loads(_typed("--json").stdout)
    assert list(document) == ["chips", "lines", "readers"]
    assert document["readers"]["usual"]["numbers"]["command_ms"] == {
        "value": 2,
        "source": "assumed",
        "is_assumed": True,
    }


def test_a_timing_file_is_told_as_it_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    path.write_text('mode = "real"\nchip = "slowest"\n')
    assert json.loads(_typed("--check", str(path), "--json").stdout) == {
        "mode": "real",
        "chip": "slowest",
        "contact_line": "as the card's answer to reset tells",
        "contactless_line": "contactless-424k",
        "reader": "usual",
    }
    assert "slowest" in _typed("--check", str(path)).stdout


def test_a_wrong_timing_file_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    path.write_text('chip = "medium"')
    result = _typed("--check", str(path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1
    assert "chip 'medium' is none of fastest" in result.stderr


def test_the_help_has_an_example() -> None:
    assert "Example: cardsim models --check" in _typed("--help").stdout
