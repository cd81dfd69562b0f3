"""The example project of ``docs/examples``, run as its reader would: a folder, and pytest."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.shared import ROOT

EXAMPLE: Final = ROOT / "docs" / "examples" / "clinic-app-tests"
PATIENCE_S: Final = 90
BELIEVES: Final = "believed = examined.verdict.outcome is Outcome.VALID"
BELIEVES_ALL: Final = "believed = True"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of it: nothing around it helps, and nothing is left in it."""
    kept = shutil.ignore_patterns("__pycache__", ".*_cache")
    return shutil.copytree(EXAMPLE, tmp_path / EXAMPLE.name, ignore=kept)


def run_tests(project: Path) -> tuple[int, str]:
    """Return exit status and output of its tests, free of the variables of this run."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest"],
        cwd=project,
        env=variables,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.pcsc
def test_its_ten_tests_pass(project: Path) -> None:
    status, said = run_tests(project)
    assert (status, "10 passed" in said) == (0, True), said
    assert "warning" not in said


@pytest.mark.pcsc
def test_a_program_that_believes_every_card_fails_them(project: Path) -> None:
    source = project / "clinic_app" / "reception.py"
    text = source.read_text()
    assert text.count(BELIEVES) == 1
    source.write_text(text.replace(BELIEVES, BELIEVES_ALL))
    status, said = run_tests(project)
    assert status == pytest.ExitCode.TESTS_FAILED, said
    failed = {line.split("::")[1].split()[0] for line in said.splitlines() if "FAILED" in line[:6]}
    assert failed >= {
        "test_a_blocked_card_is_turned_away",
        "test_a_copy_without_the_chip_key_is_noticed",
    }
    assert "test_a_valid_card_finds_the_patient" not in failed


def test_what_a_reader_copies_names_no_package_index() -> None:
    texts = [one.read_text() for one in EXAMPLE.rglob("*") if one.suffix in {".toml", ".md", ".py"}]
    assert len(texts) > len({"README.md", "pyproject.toml"})
    assert not [one for one in texts if "index-url" in one or "://" in one]
