"""A reader for one card that speaks vpcd's protocol: it listens, the card connects."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from cardservice.errors import CardRemovedError
from simulators.reader.frames import Control, encode_frame

LIBRARY: Final = Path("/usr/lib/python3/site-packages/virtualsmartcard")
REMEDY: Final = "install the package vsmartcard-vpicc (Debian, Ubuntu)"
SECONDS: Final = 10
LOOPBACK: Final = "127.0.0.1"
_LENGTH_OCTETS: Final = 2
_CARD: Final = Path(__file__).with_name("foreign_card.py")


class VpcdLink:
    """A ``CardLink`` to the card at the other end of a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._control(Control.POWER_ON)
        self.atr = self.reset()

    def exchange(self, command: bytes) -> bytes:
        """Return the response to one command."""
        self._connection.sendall(encode_frame(command))
        return self._received()

    def reset(self) -> bytes:
        """Reset the card and return its ATR."""
        self._control(Control.RESET)
        self._control(Control.ATR)
        return self._received()

    def close(self) -> None:
        """Let go of the card."""
        self._connection.close()

    def _control(self, what: Control) -> None:
        self._connection.sendall(encode_frame(bytes((what,))))

    def _received(self) -> bytes:
        return self._octets(int.from_bytes(self._octets(_LENGTH_OCTETS)))

    def _octets(self, count: int) -> bytes:
        octets = b""
        while len(octets) < count:
            piece = self._connection.recv(count - len(octets))
            if not piece:
                raise CardRemovedError("the card closed the connection")
            octets += piece
        return octets


@contextmanager
def foreign_card(*contents: bytes) -> Iterator[VpcdLink]:
    """Run the card with these files (owner, insurer) or none, and lend a link to it."""
    if not LIBRARY.is_dir():
        pytest.fail(f"{LIBRARY} is missing: {REMEDY}", pytrace=False)
    with socket.create_server((LOOPBACK, 0)) as listening:
        listening.settimeout(SECONDS)
        port = str(listening.getsockname()[1])
        arguments = [sys.executable, os.fspath(_CARD), port, *(one.hex() for one in contents)]
        environment = os.environ | {"PYTHONPATH": os.fspath(LIBRARY)}
        with subprocess.Popen(
            arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as program:
            try:
                connection, _ = listening.accept()
                connection.settimeout(SECONDS)
                link = VpcdLink(connection)
                yield link
                link.close()
            finally:
                program.terminate()
