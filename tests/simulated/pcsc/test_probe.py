"""The doctor's eyes on this very machine, with and without a service."""

import socket
from pathlib import Path

import pytest

from cardservice.transport import probe
from cardservice.transport.doctor import diagnose
from cardservice.transport.probe import SocketState, look, port_taken, socket_state
from simulators.reader.daemon import PrivatePcscd
from simulators.reader.ports import free_pairs

pytestmark = [pytest.mark.pcsc, pytest.mark.usefixtures("pcsc_namespace")]


def test_a_running_service_and_its_readers_are_seen(pcscd: PrivatePcscd) -> None:
    facts = look()
    assert (facts.pyscard, facts.pcscd, facts.forbidden) == (True, True, False)
    assert facts.socket is SocketState.OPEN
    assert facts.readers == tuple(slot.name for slot in pcscd.slots)


def test_a_service_that_never_ran_and_one_that_crashed_are_told_apart(
    pcscd: PrivatePcscd,
) -> None:
    pcscd.crash()
    assert look().socket is SocketState.STALE
    probe.SOCKET.unlink()
    assert look().socket is SocketState.MISSING
    assert look().readers is None
    codes = [finding.code for finding in diagnose() if not finding.ok]
    assert "service" in codes


def test_a_socket_we_may_not_use_is_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert socket_state(Path("/any")) is SocketState.FORBIDDEN


def test_a_missing_driver_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(probe, "DRIVER_FOLDERS", (tmp_path,))
    assert (look().usb_driver, look().virtual_driver) == (False, False)
    (tmp_path / "serial").mkdir()
    (tmp_path / "serial" / "libifdvpcd.so").touch()
    (tmp_path / "ifd-ccid.bundle").mkdir()
    assert (look().usb_driver, look().virtual_driver) == (True, True)


def test_a_port_somebody_listens_on_is_taken() -> None:
    (port,) = free_pairs(1)
    assert not port_taken(port)
    with socket.create_server(("127.0.0.1", port)):
        assert port_taken(port)
