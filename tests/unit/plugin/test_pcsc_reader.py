"""The PC/SC reader of the plugin, seen by PC/SC programs of its test process and by no other."""

import pytest

from simulators.reader.daemon import PrivatePcscd
from tests.unit.plugin.running import Project

TESTS = """
import pytest
from smartcard.System import readers

COMMAND = list(bytes.fromhex("00CADF0100"))

def asked(reader):
    (mine,) = [one for one in readers() if str(one) == reader.name]
    connection = mine.createConnection()
    connection.connect()
    answer = connection.transmit(COMMAND)
    connection.disconnect()
    return answer

def test_in_and_out(policy_card, pcsc_reader):
    for _ in range(2):
        pcsc_reader.insert(policy_card(blank=True))
        assert asked(pcsc_reader) == ([7], 0x90, 0)
        assert pcsc_reader.remove().startswith("blank")
        with pytest.raises(Exception, match="."):
            asked(pcsc_reader)

def test_after_it(policy_card, pcsc_reader):
    assert pcsc_reader.card is None
    pcsc_reader.insert(policy_card(zoo="bank"))
    assert asked(pcsc_reader) != ([7], 0x90, 0)
    pcsc_reader.swap(policy_card(blank=True))
    assert asked(pcsc_reader) == ([7], 0x90, 0)

@pytest.mark.card_faults({"faults": [{"what": "status", "sw": "6F00"}]})
@pytest.mark.card_interface("contactless")
def test_markers(policy_card, pcsc_reader):
    assert pcsc_reader.interface.value == "contactless"
    pcsc_reader.insert(policy_card(blank=True))
    assert asked(pcsc_reader) == ([], 0x6F, 0)

@pytest.mark.card_faults("lost-insertion")
def test_unseen(policy_card, pcsc_reader):
    card = policy_card(blank=True)
    pcsc_reader.insert(card, wait=False)
    with pytest.raises(Exception, match="."):
        asked(pcsc_reader)
"""
NO_PCSC = """
from simulators.reader.errors import ReaderSetupError
import simulators.testing.pcsc as pcsc

def enter(*, fresh):
    raise ReaderSetupError("pcscd is not installed", remedy="install the package pcscd")

pcsc.namespace.enter = enter
"""


@pytest.mark.pcsc
def test_cards_are_seen_by_programs_of_the_test_even_beside_another_pcscd(
    project: Project, pcscd: PrivatePcscd
) -> None:
    project.write("test_it.py", TESTS)
    running = pcscd.pid
    run = project.run()
    assert run.counts == {"passed": 4}, run.said
    assert running is not None
    assert pcscd.pid == running


@pytest.mark.pcsc
def test_each_worker_has_a_pcscd_of_its_own(project: Project) -> None:
    project.write("test_it.py", TESTS)
    run = project.run("-n", "2")
    assert run.counts == {"passed": 4}, run.said


@pytest.mark.parametrize("options", [(), ("--cardsim-without-pcsc=fail",)])
def test_without_pcsc_a_test_fails_with_the_remedy(
    project: Project, options: tuple[str, ...]
) -> None:
    project.write("conftest.py", NO_PCSC)
    project.write("test_it.py", "def test_one(pcsc_reader): ...\ndef test_two(card_reader): ...")
    run = project.run(*options)
    assert (run.status, run.counts) == (pytest.ExitCode.TESTS_FAILED, {"error": 1, "passed": 1})
    assert "\npcscd is not installed: install the package pcscd\n" in run.said
    assert "Traceback" not in run.said
    assert "During handling" not in run.said


@pytest.mark.parametrize(
    "options", [("--cardsim-without-pcsc=skip",), ("-o", "cardsim_without_pcsc=skip")]
)
def test_without_pcsc_a_test_is_skipped_where_that_was_asked_for(
    project: Project, options: tuple[str, ...]
) -> None:
    project.write("conftest.py", NO_PCSC)
    project.write("test_it.py", "def test_one(pcsc_reader): ...")
    run = project.run("-rs", *options)
    assert (run.status, run.counts) == (pytest.ExitCode.OK, {"skipped": 1})
    assert "install the package pcscd" in run.said


def test_another_wish_than_fail_or_skip_is_a_usage_error(project: Project) -> None:
    for options in (("--cardsim-without-pcsc=pass",), ("-o", "cardsim_without_pcsc=pass")):
        run = project.run(*options)
        assert run.status == pytest.ExitCode.USAGE_ERROR
        assert "skip" in run.said
