"""Whoever stands at the service's address and writes down every octet that comes."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PATIENCE_S = 10.0
MOST = 1 << 16


HANDSHAKE = 22
APPLICATION_DATA = 23
_HEADER = 5
_ALERT_MOST = 32  # octets of an alert in TLS 1.3, which goes as application data


@dataclass(slots=True)
class Listener:
    """What came.

    Attributes:
        tls: how it answers; None: as plain HTTP.
        raw: octets of the line.
        plain: octets that were meant for the service; without TLS those of the line.
        answer: what it says to who talks TLS with it; nothing: it hangs up.
        connections: how many came.
        ended: set when the first of them is over.
    """

    tls: ssl.SSLContext | None
    address: str
    raw: bytearray = field(default_factory=bytearray)
    plain: bytearray = field(default_factory=bytearray)
    answer: bytes = b""
    connections: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def at(self) -> tuple[str, int]:
        """Host and port."""
        return "127.0.0.1", int(self.address.rpartition(":")[2])

    def records(self) -> list[tuple[int, int]]:
        """Return type and length of all records of TLS that came (RFC 8446, 5.1)."""
        found, left = [], bytes(self.raw)
        while len(left) >= _HEADER:
            length = int.from_bytes(left[3:_HEADER])
            found.append((left[0], length))
            left = left[_HEADER + length :]
        assert left == b""
        return found

    @property
    def said_nothing(self) -> bool:
        """Whether all who came began a handshake and sent nothing more than an alert."""
        kinds = [kind for kind, _ in self.records()]
        longest = max(
            (much for kind, much in self.records() if kind == APPLICATION_DATA), default=0
        )
        return kinds[:1] == [HANDSHAKE] and longest <= _ALERT_MOST

    def take(self, connection: socket.socket) -> None:
        """Talk TLS with a client as long as it does, then hang up."""
        self.connections += 1
        connection.settimeout(PATIENCE_S)
        with connection, suppress(OSError):
            if self.tls is None:
                self._take_plain(connection)
            else:
                self._take_tls(connection, self.tls)
        self.ended.set()

    def _take_plain(self, connection: socket.socket) -> None:
        octets = connection.recv(MOST)
        self.raw += octets
        self.plain += octets
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    def _take_tls(self, connection: socket.socket, tls: ssl.SSLContext) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = tls.wrap_bio(incoming, outgoing, server_side=True)
        while not self._has_ended(session, connection, outgoing):
            octets = connection.recv(MOST)
            self.raw += octets
            if octets:
                incoming.write(octets)
            else:
                incoming.write_eof()

    def _has_ended(
        self, session: ssl.SSLObject, connection: socket.socket, outgoing: ssl.MemoryBIO
    ) -> bool:
        try:
            session.do_handshake()
            while octets := session.read(MOST):
                self.plain += octets
                if self.plain.endswith(b"}"):
                    session.write(self.answer)
        except ssl.SSLWantReadError:
            return False
        finally:
            connection.sendall(outgoing.read())
        return True


@contextmanager
def listener(tls: ssl.SSLContext | None) -> Iterator[Listener]:
    """Lend one on a free port; its address begins with https either way."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        double = Listener(tls, f"https://127.0.0.1:{sock.getsockname()[1]}")
        done = threading.Event()

        def run() -> None:
            while not done.is_set():
                with suppress(OSError):
                    double.take(sock.accept()[0])

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield double
        finally:
            done.set()
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE_S)
            assert not thread.is_alive()
