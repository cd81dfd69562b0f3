"""Markers of tests: what they ask for, and what is refused before any test runs."""

from pathlib import Path
from typing import Any

import pytest

from simulators.card import Interface
from simulators.faults import FaultPlan, named_plan
from simulators.models.timing import TimeMode
from simulators.testing import MarkerError, Wishes
from tests.unit.plugin.running import Project

NOISE = {"faults": [{"what": "mute", "when": {"nth": 3}}]}


def asked(marker: str, *args: object, **kwargs: object) -> Wishes:
    return Wishes().asked(marker, args, kwargs)


def test_without_markers_a_card_is_on_contact_with_no_time_and_no_faults() -> None:
    assert Wishes() == Wishes(interface=Interface.CONTACT, timing=None, faults=None)
    assert asked("somebody_elses", 1, 2) == Wishes()


def test_a_marker_names_the_interface() -> None:
    assert asked("card_interface", "contactless").interface is Interface.CONTACTLESS
    assert asked("card_interface", "contact").interface is Interface.CONTACT


def test_a_marker_names_mode_and_models_of_time() -> None:
    timing = asked("card_time", "real", chip="slowest", contact_line="contact-13k").timing
    assert timing is not None
    assert timing.contact_line is not None
    assert timing.mode is TimeMode.REAL
    assert (timing.chip.name, timing.contact_line.name) == ("slowest", "contact-13k")


def test_a_marker_gives_faults_by_name_mapping_file_or_plan(tmp_path: Path) -> None:
    plan = FaultPlan.from_mapping(NOISE)
    file = tmp_path / "plan.toml"
    file.write_text('[[faults]]\nwhat = "mute"\nwhen = { nth = 3 }\n')
    assert asked("card_faults", "noisy-line").faults == named_plan("noisy-line")
    assert [asked("card_faults", one).faults for one in (NOISE, file, plan)] == [plan] * 3


def test_markers_add_up() -> None:
    wishes = asked("card_interface", "contactless").asked("card_faults", (NOISE,), {})
    assert (wishes.interface, wishes.faults) == (
        Interface.CONTACTLESS,
        FaultPlan.from_mapping(NOISE),
    )


@pytest.mark.parametrize(
    ("marker", "args", "kwargs"),
    [
        ("card_interface", (), {}),
        ("card_interface", ("bluetooth",), {}),
        ("card_interface", (["contact"],), {}),
        ("card_interface", ("contact", "contactless"), {}),
        ("card_time", (), {}),
        ("card_time", ("sometimes",), {}),
        ("card_time", (3,), {}),
        ("card_time", ("virtual",), {"chip": "none of them"}),
        ("card_time", ("virtual",), {"chip": []}),
        ("card_time", ("virtual",), {"chop": "median"}),
        ("card_faults", (), {}),
        ("card_faults", ("no such plan",), {}),
        ("card_faults", (7,), {}),
        ("card_faults", ({"faults": [{"what": "nothing"}]},), {}),
        ("card_faults", (Path("/no/such/file.toml"),), {}),
    ],
)
def test_arguments_that_ask_for_nothing_there_is_are_refused_in_one_line(
    marker: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    with pytest.raises(MarkerError) as refused:
        asked(marker, *args, **kwargs)
    assert str(refused.value).startswith(marker)
    assert refused.value.remedy
    assert "\n" not in f"{refused.value}: {refused.value.remedy}"


BAD = """
import pytest

@pytest.mark.card_interface("bluetooth")
def test_one(): ...

@pytest.mark.card_time("virtual", chop="median")
def test_two(): ...

def test_three(): ...
"""


def test_bad_markers_are_a_usage_error_before_any_test_runs(project: Project) -> None:
    project.write("test_it.py", BAD)
    run = project.run()
    assert run.status == pytest.ExitCode.USAGE_ERROR
    assert "test_one: card_interface: 'bluetooth' is no interface of a card: write one" in run.said
    assert "test_two: card_time('virtual', chop='median') has other arguments" in run.said
    assert "test_three:" not in run.said
    assert "Traceback" not in run.said
    assert project.run("-k", "three").counts == {"passed": 1}


def test_in_workers_the_tests_with_bad_markers_fail_and_the_others_run(project: Project) -> None:
    project.write("test_it.py", BAD)
    run = project.run("-n", "2")
    assert run.counts == {"error": 2, "passed": 1}
    assert "test_one: card_interface: 'bluetooth' is no interface of a card: write one" in run.said
