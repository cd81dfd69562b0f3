"""The tour as a process: with cards in this process, and through pcscd and pyscard."""

import json
import subprocess
from typing import Any

import pytest

from tests.cli.processes import Shell


def _told(result: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    assert (result.returncode, result.stderr) == (0, "")
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def test_the_tour_with_simulated_cards_finds_every_card_valid(shell: Shell) -> None:
    told = _told(shell.run("tour", "--count", "2", "--json"))
    assert (told["cards"], told["valid"]) == (2, 2)
    assert told["apdus"]["personalize"] > told["apdus"]["verify"] > 0


@pytest.mark.pcsc
def test_the_tour_through_pcsc_finds_every_card_valid(shell: Shell) -> None:
    told = _told(shell.run("tour", "--count", "2", "--reader", "pcsc", "--json"))
    assert (told["cards"], told["valid"]) == (2, 2)
    assert told["apdus"]["personalize"] > told["apdus"]["verify"] > 0


def test_a_terminal_without_our_characters_does_not_end_the_tour(shell: Shell) -> None:
    result = shell.run("tour", "--count", "1", PYTHONIOENCODING="ascii")
    assert result.returncode == 0
    assert "1 valid" in result.stdout


def test_a_reader_of_the_output_that_has_enough_ends_it_without_a_traceback(shell: Shell) -> None:
    with shell.started("tour", "--count", "20") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        process.wait()
    assert "Traceback" not in said
