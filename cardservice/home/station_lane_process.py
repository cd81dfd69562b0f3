"""The process of a lane as the station holds it: begun, spoken to within bounds, ended."""

import os
import socket
import subprocess
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Final

from cardservice.keystores.passphrase import VARIABLE

CHILD: Final = "cardservice.home.station_lane_child"
LEAVE_S: Final = 3.0  # a card is not touched any more then; a security module logs out


class LaneDiedError(Exception):
    """The process is gone, or its pipe is."""


class LaneProcess:
    """One process and the pipe to it. Nothing secret is in its arguments or its environment."""

    def __init__(self) -> None:
        """Start it."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._connection = Connection(ours.detach())
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                [sys.executable, "-P", "-m", CHILD, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={name: value for name, value in os.environ.items() if name != VARIABLE},
            )

    @property
    def number(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, message: object) -> None:
        """Say something; raises LaneDiedError."""
        try:
            self._connection.send(message)
        except OSError:
            raise LaneDiedError from None

    def receive(self, within_s: float) -> Any:
        """Return the next message.

        Raises:
            TimeoutError: none came in time; LaneDiedError: none will.
        """
        try:
            there = self._connection.poll(max(0.0, within_s))
            message = self._connection.recv() if there else None
        except (EOFError, OSError):
            raise LaneDiedError from None
        if not there:
            raise TimeoutError
        return message

    def end(self, farewell: object) -> None:
        """Let it end by itself, and end it if it does not."""
        with suppress(LaneDiedError, subprocess.TimeoutExpired):
            self.send(farewell)
            self._process.wait(LEAVE_S)
        self.kill()

    def kill(self) -> None:
        """End it now. Harmless when repeated."""
        self._process.kill()
        self._process.wait()
        self._connection.close()
