"""Every target, on its kept inputs and on mutations of them: what a commit is judged by."""

import subprocess
import sys

import pytest

from fuzz.guided import is_available
from fuzz.mutation import mutants
from fuzz.registry import CORPUS, ROOT, corpus, load

NAMES = tuple(load())
MUTANTS = 8000
LONGEST_RUN_S = 60


@pytest.mark.parametrize("name", NAMES)
def test_nothing_undocumented_comes_out_of(name: str) -> None:
    target, inputs = load()[name], corpus(name)
    assert inputs
    count = MUTANTS // target.heaviness
    for octets in [*inputs, *mutants(inputs, count=count)]:
        try:
            target.check(octets)
        except Exception as error:
            error.add_note(f"python -m fuzz {name} --repeat FILE, with: {octets.hex()}")
            raise


@pytest.mark.parametrize("name", NAMES)
def test_what_our_own_encoders_make_is_nothing_to_complain_of(name: str) -> None:
    target = load()[name]
    seeds = list(target.seeds())
    assert seeds
    for octets in seeds:
        target.check(octets)


def test_every_kept_folder_belongs_to_a_target() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} == set(NAMES)


def test_the_guided_fuzzer_runs_on_this_machine() -> None:
    assert is_available(), "install atheris: it belongs to what the tests need"
    done = subprocess.run(
        [sys.executable, "-m", "fuzz", "terminal.atr", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LONGEST_RUN_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "number_of_executed_units" in done.stderr
