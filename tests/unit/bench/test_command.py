"""The command: names, the list, what it refuses; with measurements that cost nothing."""

import json
from collections.abc import Callable, Mapping

import pytest

from bench.__main__ import main
from bench.figures import FULL, QUICK, Figure, NotMeasurableError, Pace
from bench.registry import MEASUREMENTS

PACES: list[Pace] = []


def _cheap(pace: Pace) -> Figure:
    PACES.append(pace)
    return Figure(name="cheap", value=1.0, unit="s")


def _impossible(_: Pace) -> Figure:
    raise NotMeasurableError("pcscd is not installed (install the package pcscd)")


FAKES: Mapping[str, Callable[..., Figure]] = {"impossible": _impossible, "cheap": _cheap}


def test_every_measurement_has_a_name_of_its_own_by_area() -> None:
    assert len(MEASUREMENTS) == len(set(MEASUREMENTS))
    assert all(name.count(".") in {1, 2, 3} for name in MEASUREMENTS)


def test_the_list_names_every_measurement_and_measures_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--list"], FAKES) == 0
    assert capsys.readouterr().out.split() == ["impossible", "cheap"]


def test_an_unknown_name_is_refused_before_anything_is_measured(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["cheap", "guess"], FAKES) == 2
    said = capsys.readouterr()
    assert not said.out
    assert "guess" in said.err


def test_a_named_figure_alone_is_printed_as_one_line_of_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["cheap"], FAKES) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["name"] == "cheap"


def test_what_cannot_be_measured_here_is_said_and_the_rest_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([], FAKES) == 1
    said = capsys.readouterr()
    assert "impossible was not measured: pcscd is not installed" in said.err
    assert json.loads(said.out)["name"] == "cheap"


def test_figures_are_measured_at_full_length_unless_quick_is_asked_for() -> None:
    PACES.clear()
    main(["cheap"], FAKES)
    main(["cheap", "--quick"], FAKES)
    assert PACES == [FULL, QUICK]
