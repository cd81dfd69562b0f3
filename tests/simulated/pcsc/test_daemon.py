"""A pcscd of our own: comes up with its readers, and goes without a trace."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cardservice.transport.pcsc.entry import list_readers, open_reader
from cardservice.transport.registry import open_link
from simulators.reader import ReaderSetupError, daemon, namespace
from simulators.reader.daemon import Pcscd, PrivatePcscd
from simulators.reader.driver import MAX_READERS
from simulators.reader.place import PRIVATE, SYSTEM, answers
from simulators.reader.ports import free_pairs, is_free
from tests.pcsc_stack import LOOK_S, OK, PATIENCE_S, EchoCard, card_in

pytestmark = [pytest.mark.pcsc, pytest.mark.usefixtures("pcsc_namespace")]
COMMAND = b"\x00\xb0\x00\x00\x00"


@pytest.mark.parametrize(("asked", "given"), [(1, 2), (3, 4), (MAX_READERS, MAX_READERS)])
def test_the_readers_asked_for_are_listed_in_order(asked: int, given: int) -> None:
    with PrivatePcscd(readers=asked) as pcscd:
        assert list_readers() == tuple(slot.name for slot in pcscd.slots)
        assert len(pcscd.slots) == given


def test_nothing_is_left_of_a_closed_one() -> None:
    with PrivatePcscd() as pcscd:
        pid, ports = pcscd.pid, [slot.port for slot in pcscd.slots]
    pcscd.close()
    assert pid is not None
    assert not Path(f"/proc/{pid}").exists()
    assert all(is_free(port) for port in ports)
    assert not list(namespace.RUN_FOLDER.glob("cardsim-*"))


@pytest.mark.parametrize("end", ["stop", "crash"])
def test_it_comes_back_with_the_same_readers(end: str, pcscd: PrivatePcscd) -> None:
    slots, pid = pcscd.slots, pcscd.pid
    pcscd.crash() if end == "crash" else pcscd.stop()
    assert pcscd.pid is None
    pcscd.start()
    pcscd.start()
    assert pcscd.slots == slots
    assert pcscd.pid not in (None, pid)


def test_two_do_not_run_side_by_side(pcscd: PrivatePcscd) -> None:
    assert pcscd.pid is not None
    for place in (PRIVATE, SYSTEM):
        with pytest.raises(ReaderSetupError, match="a pcscd is running"):
            Pcscd(place).start()


def test_a_port_taken_at_the_last_moment_is_given_up_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with PrivatePcscd() as other:
        taken = other.slots[0].port
        other.stop()
        offers = iter([(taken,), (taken,), free_pairs(1)])
        monkeypatch.setattr(daemon, "free_pairs", lambda _: next(offers))
        with socket.socket() as blocker:
            blocker.bind(("0.0.0.0", taken))  # noqa: S104 - where the driver listens
            blocker.listen()
            with PrivatePcscd() as pcscd:
                assert pcscd.slots[0].port != taken


def test_one_that_does_not_come_up_is_an_error_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(daemon, "_find", lambda *_: "/bin/false")
    with pytest.raises(ReaderSetupError, match="does not come up"):
        PrivatePcscd().start()
    assert not list(namespace.RUN_FOLDER.glob("cardsim-*"))


def test_a_missing_program_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(ReaderSetupError) as caught:
        PrivatePcscd().start()
    assert caught.value.remedy == "install the package pcscd"


def test_outside_a_private_namespace_it_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespace, "is_private", lambda: False)
    with pytest.raises(ReaderSetupError, match="not in a private mount namespace"):
        PrivatePcscd().start()


STARTS_ONE_AND_IS_KILLED = """
import os, signal
from simulators.reader import namespace
from simulators.reader.daemon import PrivatePcscd
namespace.enter(fresh=True)
pcscd = PrivatePcscd()
pcscd.start()
print(pcscd.slots[0].port, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_it_dies_with_the_program_that_started_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTS_ONE_AND_IS_KILLED],
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    end = time.monotonic() + PATIENCE_S
    while not (gone := is_free(int(done.stdout))) and time.monotonic() < end:
        time.sleep(LOOK_S)
    assert gone


def test_a_command_runs_inside_a_namespace_of_its_own(pcscd: PrivatePcscd) -> None:
    seen = _inside("ls", "/run/pcscd")
    assert pcscd.pid is not None
    assert answers(namespace.SOCKET)
    assert "pcscd.comm" not in seen.split()
    assert "private" in seen.split()


def test_a_private_pcscd_never_reaches_for_readers_on_usb() -> None:
    drivers = Path("/usr/lib/pcsc/drivers")
    assert drivers.is_dir()
    assert not list(drivers.iterdir())


def test_a_card_is_reached_by_url(pcscd: PrivatePcscd) -> None:
    with card_in(pcscd.slots[1], EchoCard()):
        for url in ("pcsc:", f"pcsc:{pcscd.slots[1].name}", "pcsc:00 01"):
            link = open_link(url)
            assert link.exchange(COMMAND) == COMMAND + OK
            link.close()
        link = open_reader("")
        assert link.reader == pcscd.slots[1].name
        link.close()


def _inside(*command: str) -> str:
    script = f"from simulators.reader import namespace; namespace.run_inside({list(command)!r})"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    return done.stdout
