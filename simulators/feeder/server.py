"""A machine over TCP: the line protocol of real feeders, one connection after the other."""

import socketserver
import threading
from typing import Final, Self

from typing_extensions import override

from simulators.feeder.faults import FeederFaultError
from simulators.feeder.machine import FeederMachine

LOOPBACK: Final = "127.0.0.1"
LONGEST_LINE: Final = 64
IDLE_S: Final = 600.0  # a card that takes a person's help takes minutes


class FeederServer:
    """Answers ``GET``, ``DONE`` and ``ERROR`` for one machine, on a port of this machine.

    Args:
        machine: stays its maker's, who closes it.
        port: 0: any free one.
    """

    def __init__(self, machine: FeederMachine, *, port: int = 0) -> None:
        self._server = _Server((LOOPBACK, port), _Handler)
        self._server.machine = machine
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="feeder", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """How a station names it."""
        return f"tcp:{LOOPBACK}:{self._server.server_address[1]}"

    def wait(self) -> None:
        """Return when interrupted."""
        self._thread.join()

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    machine: FeederMachine


class _Handler(socketserver.StreamRequestHandler):
    timeout = IDLE_S
    server: _Server

    @override
    def handle(self) -> None:
        try:
            while (line := self.rfile.readline(LONGEST_LINE)).endswith(b"\n"):
                self.wfile.write(answer(self.server.machine, line.strip()) + b"\n")
        except OSError:
            return  # the station went away, or was silent too long


def answer(machine: FeederMachine, command: bytes) -> bytes:
    """Return the machine's line for a command, both without their ends."""
    try:
        match command:
            case b"GET":
                return b"OK" if machine.get_card() else b"EMPTY"
            case b"DONE":
                machine.done()
            case b"ERROR":
                machine.error_bin()
            case _:
                return b"FAULT unknown-command"
    except FeederFaultError as error:
        return f"FAULT {error.fault}".encode()
    return b"OK"
