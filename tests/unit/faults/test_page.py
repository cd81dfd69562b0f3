"""The page says what there is, and its examples are plans."""

import re
from pathlib import Path

import pytest

from simulators.faults import KINDS, When, parse_json, parse_toml, plan_names
from tests.shared import ROOT

PAGE = (Path(ROOT) / "docs" / "faults.md").read_text("utf-8")
BLOCKS = re.findall(r"```(toml|json)\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("name", [*KINDS, *plan_names()])
def test_every_kind_of_fault_and_every_ready_plan_is_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("kind", KINDS)
def test_the_row_of_a_kind_names_its_parameters(kind: str) -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{kind}`"))
    assert all(f"`{told.name}" in row for told in KINDS[kind].parameters())


def test_every_condition_is_on_the_page() -> None:
    assert all(f"| `{told.name}`" in PAGE for told in When.parameters())


def test_the_examples_in_toml_and_json_are_one_plan() -> None:
    plans = [parse_toml(text) if form == "toml" else parse_json(text) for form, text in BLOCKS]
    assert [form for form, _ in BLOCKS] == ["toml", "json"]
    assert plans[0] == plans[1]
    assert len(plans[0].faults) == 3
