"""A feeder machine over TCP: one word a line, asked and answered; see ``docs/station-lanes.md``."""

import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from typing import Final

from cardservice.errors import UsageError
from cardservice.transport.feeders import (
    FEEDER_FAULT,
    FEEDER_UNAVAILABLE,
    FEEDER_WRONG,
    FeederError,
    fault_sentence,
)

CONNECT_S: Final = 5.0
ANSWER_S: Final = 60.0  # a machine that turns a card over takes some ten seconds
LONGEST_LINE: Final = 64  # octets, its end included
_LOCAL_NAME: Final = "localhost"
_HIGHEST_PORT: Final = 65535
_PORT: Final = re.compile(r"[0-9]{1,5}")
_LINE: Final = re.compile(rb"(OK|EMPTY|FAULT(?: ([a-z0-9-]{1,32}))?)\r?\n")


class LineFeeder:
    """A machine that answers ``GET``, ``DONE`` and ``ERROR``; connected to when first asked.

    After anything went wrong the next command begins a new connection, so that a late answer is
    never taken for another's. Every command may be asked again.

    Args:
        host: of this machine: whoever can reach the port can take cards away.
        answer_s: seconds until an answer must be there as a whole.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        answer_s: float = ANSWER_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = (host, port)
        self._answer_s = answer_s
        self._clock = clock
        self._socket: socket.socket | None = None
        self._closed = False

    def get_card(self) -> bool:
        """Return True once a card lies in the reader, False: the hopper is empty.

        Raises:
            FeederError: ``feeder-unavailable``, ``feeder-wrong``, ``feeder-fault``.
        """
        return self._ask(b"GET", empty=True) == b"OK"

    def done(self) -> None:
        """Take the card to the good ones; raises as ``get_card``."""
        self._ask(b"DONE")

    def error_bin(self) -> None:
        """Take the card to the bad ones; raises as ``get_card``."""
        self._ask(b"ERROR")

    def close(self) -> None:
        """Let go of the machine, and end a wait for its answer. Harmless when repeated."""
        self._closed = True
        self._hang_up()

    def _ask(self, command: bytes, *, empty: bool = False) -> bytes:
        try:
            line = self._exchange(command + b"\n")
        except OSError:
            self._hang_up()
            sentence = "The feeder cannot be reached, or does not answer in time."
            raise FeederError(FEEDER_UNAVAILABLE, sentence) from None
        found = _LINE.fullmatch(line)
        if found is None or (found[1] == b"EMPTY" and not empty):
            self._hang_up()
            raise FeederError(FEEDER_WRONG, "The feeder answers what no feeder says.")
        if found[1].startswith(b"FAULT"):
            raise FeederError(FEEDER_FAULT, fault_sentence((found[2] or b"").decode()))
        return found[1]

    def _exchange(self, command: bytes) -> bytes:
        if self._closed:
            raise ConnectionError
        if self._socket is None:
            self._socket = socket.create_connection(self._address, CONNECT_S)
        # The end is that of the whole line: a machine that drips octets gains no time.
        end = self._clock() + self._answer_s
        self._socket.settimeout(self._answer_s)
        self._socket.sendall(command)
        line = b""
        # The end is that of the whole line, so that a machine that drips gains no time.
        while not line.endswith(b"\n") and len(line) < LONGEST_LINE:
            line += self._received(self._socket, end, LONGEST_LINE - len(line))
        return line

    def _received(self, connection: socket.socket, end: float, most: int) -> bytes:
        left = end - self._clock()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)
        octets = connection.recv(most)
        if not octets:
            raise ConnectionError
        return octets

    def _hang_up(self) -> None:
        connection, self._socket = self._socket, None
        if connection is None:
            return
        with suppress(OSError):  # the other side may have been faster
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()


def open_feeder(address: str) -> LineFeeder:
    """Return the feeder at ``HOST:PORT``; nothing is sent yet.

    Raises:
        UsageError: no such address, or one of another machine.
    """
    host, _, port = address.rpartition(":")
    if not _is_local(host.strip("[]")):
        raise UsageError("a feeder is named tcp:HOST:PORT, its host 127.0.0.1, ::1 or localhost")
    if not (_PORT.fullmatch(port) and 0 < int(port) <= _HIGHEST_PORT):
        raise UsageError(f"the port of a feeder is 1 to {_HIGHEST_PORT}")
    return LineFeeder(host.strip("[]"), int(port))


def _is_local(host: str) -> bool:
    if host == _LOCAL_NAME:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
