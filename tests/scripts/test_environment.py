"""``scripts/environment.sh``: an environment is whole or not there, and made once."""

import os
import signal

import pytest

from tests.scripts.workshop import PATIENCE_S, SUPERUSER, Workshop

ENSURE = "ensure_environment .venv requirements.lock"


def test_a_first_start_makes_an_environment_and_stamps_it(workshop: Workshop) -> None:
    status, said = workshop.do(ENSURE)
    assert (status, "Setting up requirements.lock" in said) == (0, True)
    assert workshop.environment == workshop.environments[0]
    assert (workshop.environments[0] / ".complete").exists()


def test_a_second_start_does_nothing_and_needs_no_network(workshop: Workshop) -> None:
    workshop.do(ENSURE)
    link = workshop.folder / ".venv"
    before = workshop.log, link.lstat().st_ino
    workshop.put("fail")
    assert workshop.do(ENSURE) == (0, "")
    assert (workshop.log, link.lstat().st_ino) == before


def test_another_lock_makes_another_environment_and_removes_the_old_one(workshop: Workshop) -> None:
    workshop.do(ENSURE)
    old = workshop.environment
    workshop.change_lock()
    workshop.do(ENSURE)
    assert workshop.environment != old
    assert workshop.environments == [workshop.environment]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_an_interrupted_set_up_leaves_the_previous_environment_in_place(
    workshop: Workshop, number: signal.Signals
) -> None:
    workshop.do(ENSURE)
    old = workshop.environment
    _interrupt(workshop, number)
    assert workshop.environment == old
    assert old is not None
    assert (old / ".complete").exists()
    unfinished = [one for one in workshop.environments if one != old]
    assert [one for one in unfinished if (one / ".complete").exists()] == []
    assert (unfinished == []) or (number is signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_start_after_an_interrupted_set_up_makes_it_whole(
    workshop: Workshop, number: signal.Signals
) -> None:
    _interrupt(workshop, number)
    assert workshop.environment is None
    workshop.take("stall")
    assert workshop.do(ENSURE)[0] == 0
    assert workshop.environments == [workshop.environment]


def _interrupt(workshop: Workshop, number: signal.Signals) -> None:
    """Begin a new environment and end the whole group, as a terminal or a power cut does."""
    workshop.change_lock()
    workshop.put("stall")
    before = workshop.log.count("uv")
    with workshop.start(f"{ENSURE}; echo done") as process:
        workshop.wait_for(lambda log: log.count("uv") > before)
        os.killpg(process.pid, number)
        told, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode != 0
    assert "done" not in told


def test_a_failed_set_up_is_an_error_and_leaves_the_previous_one(workshop: Workshop) -> None:
    workshop.do(ENSURE)
    old = workshop.environment
    workshop.change_lock()
    workshop.put("fail")
    assert workshop.do(ENSURE)[0] != 0
    assert workshop.environment == old
    assert workshop.environments == [old]


def test_two_starts_at_once_make_one_environment(workshop: Workshop) -> None:
    workshop.put("stall")
    with workshop.start(ENSURE) as first, workshop.start(ENSURE) as second:
        workshop.wait_for(lambda log: "uv" in log)
        workshop.take("stall")
        for process in (first, second):
            process.communicate(timeout=PATIENCE_S)
            assert process.returncode == 0
    assert workshop.log.count("venv") == 1
    assert workshop.environments == [workshop.environment]


def test_a_folder_in_the_place_of_the_link_is_replaced(workshop: Workshop) -> None:
    (workshop.folder / ".venv" / "bin").mkdir(parents=True)
    assert workshop.do(ENSURE)[0] == 0
    assert workshop.environment == workshop.environments[0]


def test_without_root_it_says_what_is_missing_and_installs_nothing(workshop: Workshop) -> None:
    workshop.install("gcc")
    status, said = workshop.do("install_packages 'card readers' gcc swig pcscd")
    assert status != 0
    assert said == "Missing: swig pcscd (card readers). As root: apt-get install swig pcscd \n"
    assert workshop.log == []


def test_root_installs_what_is_missing_and_nothing_else(workshop: Workshop) -> None:
    workshop.install("gcc")
    workshop.become(SUPERUSER)
    status, said = workshop.do("install_packages 'card readers' gcc swig pcscd")
    assert (status, "Installing swig pcscd" in said) == (0, True)
    assert workshop.log[-1].endswith(" swig pcscd")


def test_root_without_an_archive_is_told_what_to_do(workshop: Workshop) -> None:
    workshop.install("")
    workshop.become(SUPERUSER)
    workshop.put("no-archive")
    status, said = workshop.do("install_packages 'card readers' swig")
    assert status != 0
    assert "as root: apt-get install swig" in said


def test_where_nothing_is_missing_nothing_is_said(workshop: Workshop) -> None:
    assert workshop.do("install_packages 'card readers' gcc swig") == (0, "")


def test_without_a_new_enough_python_it_says_so(workshop: Workshop) -> None:
    (workshop.folder / "tools" / "python3").write_text("#!/bin/bash\nexit 1\n")
    for name in ("python3.13", "python3.12", "python3.11"):
        tool = workshop.folder / "tools" / name
        tool.write_text("#!/bin/bash\nexit 1\n")
        tool.chmod(0o755)
    status, said = workshop.do(ENSURE)
    assert status != 0
    assert "Python 3.11 or newer is needed" in said
    assert workshop.environment is None
