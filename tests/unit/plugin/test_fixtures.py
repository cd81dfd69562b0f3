"""The plugin in runs of pytest: what it costs at the start, its fixtures, options and traces."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from simulators.trace import read_traces
from simulators.zoo import Zoo
from tests.unit.plugin.running import Project

FIXTURES = ("card_tray", "card_zoo", "policy_card", "pcsc_reader", "card_reader")
CONVERSATION = """
import pytest

def test_one(policy_card, card_reader):
    card_reader.insert(policy_card(zoo="valid"))
    link = card_reader.connect()
    link.exchange(bytes.fromhex("00A4040C07464F4D535F4944"))
    link.exchange(bytes.fromhex("00A4020C020201"))
    assert link.exchange(bytes.fromhex("00B0000020"))[-2:] == {expected}

def test_two(policy_card, card_reader):
    card_reader.insert(policy_card(blank=True))

def test_three(card_tray):
    assert not {failing}
"""


def test_the_start_of_pytest_loads_nothing_of_cards() -> None:
    heavy = ("simulators.card", "simulators.tray", "simulators.testing", "cryptography", "click")
    done = subprocess.run(
        [sys.executable, "-c", "import sys, simulators.pytest_plugin; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = done.stdout.split()
    assert "simulators.pytest_plugin" in loaded
    assert [one for one in heavy if one in loaded] == []


def test_every_fixture_tells_what_it_is_and_every_marker_what_it_takes(project: Project) -> None:
    fixtures, markers = project.run("--fixtures").said, project.run("--markers").said
    for name in FIXTURES:
        _, _, told = fixtures.partition(f"\n{name} ")
        assert told
        assert "no docstring" not in told.partition("\n\n")[0]
    assert all(f"@pytest.mark.{name}(" in markers for name in ("card_interface", "card_time"))
    assert "@pytest.mark.card_faults(" in markers


def test_markers_reach_the_readers_of_the_fixtures(project: Project) -> None:
    project.write(
        "test_it.py",
        """
import pytest

pytestmark = pytest.mark.card_interface("contact")
COMMAND = bytes.fromhex("00CADF0100")

@pytest.mark.card_interface("contactless")
@pytest.mark.card_time("virtual", chip="slowest")
def test_one(policy_card, card_reader, card_tray):
    card_reader.insert(policy_card(blank=True))
    card_reader.connect().exchange(COMMAND)
    assert card_reader.interface.value == "contactless" and card_reader.clock() > 0
    card_tray.add_reader("mine")
    card_tray.insert(policy_card(blank=True).name, "mine")
    assert card_tray.readers["mine"].time_spent.total_ns > 0

@pytest.mark.card_faults({"faults": [{"what": "status", "sw": "6F00"}]})
def test_two(policy_card, card_reader):
    card_reader.insert(policy_card(blank=True))
    assert card_reader.connect().exchange(COMMAND) == bytes.fromhex("6F00")
    assert card_reader.interface.value == "contact" and card_reader.clock() == 0

def test_three(policy_card, card_reader):
    card_reader.insert(policy_card(blank=True))
    assert card_reader.connect().exchange(COMMAND) == bytes.fromhex("079000")
""",
    )
    assert project.run().counts == {"passed": 3}


def test_the_tray_of_a_test_is_closed_after_it(project: Project) -> None:
    project.write(
        "test_it.py",
        """
import pytest
from simulators.tray import TrayClosedError
trays = []

def test_one(card_tray): trays.append(card_tray)

def test_two(card_tray):
    assert card_tray is not trays[0]
    with pytest.raises(TrayClosedError):
        trays[0].add_reader("late")
""",
    )
    assert project.run().counts == {"passed": 2}


def test_a_zoo_folder_keeps_its_issuer_between_runs(project: Project) -> None:
    project.write(
        "test_it.py",
        """
def test_one(card_zoo, policy_card):
    policy_card(zoo="valid")
    with open("roots", "a") as roots:
        print((card_zoo.trust_folder / "root.der").read_bytes().hex(), file=roots)
""",
    )
    runs = [project.run("--cardsim-zoo", "animals"), project.run("-o", "cardsim_zoo=animals")]
    assert [one.counts for one in runs] == [{"passed": 1}] * 2
    first, second = (project.folder / "roots").read_text().split()
    assert first == second
    assert (project.folder / "animals" / "trust" / "register.json").exists()


def test_a_zoo_that_cannot_be_opened_is_told_in_one_line(project: Project) -> None:
    project.write("test_it.py", "def test_one(card_zoo): ...")
    project.write("animals", "a file, where a folder should be")
    run = project.run("--cardsim-zoo", "animals")
    assert run.counts == {"error": 1}
    assert "animals cannot be used" in run.said
    assert "choose a folder you may write to" in run.said
    assert "Traceback" not in run.said


def _with_conversations(project: Project, zoo: Zoo, *, good: bool) -> tuple[str, ...]:
    expected = 'b"\\x90\\x00"' if good else 'b"\\x6a\\x82"'
    project.write("test_it.py", CONVERSATION.format(expected=expected, failing=not good))
    return ("--cardsim-zoo", str(zoo.folder), "--cardsim-traces", "traces")


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_a_failed_test_leaves_a_masked_trace_and_shows_it(
    project: Project, zoo: Zoo, workers: tuple[str, ...]
) -> None:
    options = _with_conversations(project, zoo, good=False)
    first, run = project.run(*options, *workers), project.run(*options, *workers)
    # The second run replaces what the first one left.
    assert first.counts == run.counts == {"failed": 2, "passed": 1}
    (file,) = (project.folder / "traces").iterdir()
    assert file.name.startswith("test_one-")
    assert [len(one.commands) for one in read_traces(file)] == [3]
    assert "what was said to cards (call)" in run.said
    assert "READ BINARY" in run.said
    assert str(file) in run.said
    _check_masked(zoo, file, run.said)


def _check_masked(zoo: Zoo, file: Path, said: str) -> None:
    register = json.loads((zoo.trust_folder / "register.json").read_bytes())
    numbers = [one.encode().hex().upper() for one in register["policies"]]
    assert numbers
    written = file.read_text().upper() + said.upper()
    assert [one for one in numbers if one in written] == []


def test_tests_that_pass_leave_no_trace(project: Project, zoo: Zoo) -> None:
    run = project.run(*_with_conversations(project, zoo, good=True))
    assert run.counts == {"passed": 3}
    assert not (project.folder / "traces").exists()


def test_a_trace_that_cannot_be_kept_is_told_and_changes_nothing_else(
    project: Project, zoo: Zoo
) -> None:
    project.write("traces", "a file, where a folder should be")
    run = project.run(*_with_conversations(project, zoo, good=False))
    assert run.counts == {"failed": 2, "passed": 1}
    assert "not kept: " in run.said
    assert "INTERNALERROR" not in run.said
