"""Servers on the loopback interface that are no office, and a line to a real one that breaks."""

import json
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from typing_extensions import override

from cardservice.errors import SourceUnavailableError
from cardservice.officelink.link import OfficeLink
from cardservice.officelink.terms import OfficeTerms

TOKEN: Final = "epc_of-a-test"  # noqa: S105 - of a fictional station
PATIENCE_S: Final = 10.0
_HEAD_END: Final = b"\r\n\r\n"
_REQUEST_MOST: Final = 1 << 16


def said(
    members: object,
    status: str = "200 OK",
    *,
    kind: str = "application/json",
    more: Sequence[str] = (),
) -> bytes:
    """Return an HTTP answer."""
    body = members if isinstance(members, bytes) else json.dumps(members).encode()
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *more,
    ]
    return "\r\n".join(lines).encode() + _HEAD_END + body


def problem(status: str, code: str | None = None, **members: object) -> bytes:
    """Return problem details."""
    named: dict[str, object] = {} if code is None else {"code": code}
    return said({**named, **members}, status, kind="application/problem+json")


@dataclass(slots=True)
class Hostile:
    """A server that answers each request with the next of its answers, the last one for ever.

    Attributes:
        answers: octets, or what sends them in its own way.
        requests: heads of what was asked.
    """

    answers: Sequence[bytes | Callable[[socket.socket], None]]
    tls: ssl.SSLContext | None = None
    address: str = ""
    requests: list[bytes] = field(default_factory=list)

    def serve(self, connection: socket.socket) -> None:
        """Answer one request."""
        connection.settimeout(PATIENCE_S)
        with connection, suppress(OSError):
            if self.tls is None:
                self.talk(connection)
                return
            with self.tls.wrap_socket(connection, server_side=True) as wrapped:
                self.talk(wrapped)

    def talk(self, connection: socket.socket) -> None:
        """Take a request and answer it."""
        self.requests.append(_request(connection))
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if callable(answer):
            answer(connection)
        else:
            connection.sendall(answer)


def _request(connection: socket.socket) -> bytes:
    """Return a whole request: who hangs up before its end is taken for a line that broke."""
    octets = b""
    while _HEAD_END not in octets and len(octets) < _REQUEST_MOST:
        octets += connection.recv(_REQUEST_MOST)
    head, _, body = octets.partition(_HEAD_END)
    length = re.search(rb"(?i)content-length: (\d+)", head)
    left = int(length[1]) - len(body) if length else 0
    while left > 0:
        part = connection.recv(left)
        left -= len(part) or left
        octets += part
    return octets


@contextmanager
def hostile(
    *answers: bytes | Callable[[socket.socket], None], tls: ssl.SSLContext | None = None
) -> Iterator[Hostile]:
    """Serve ``answers`` on a free port for the length of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        scheme, port = "http" if tls is None else "https", listener.getsockname()[1]
        server = Hostile(answers, tls, f"{scheme}://127.0.0.1:{port}")
        done = threading.Event()

        def run() -> None:
            while not done.is_set():
                with suppress(OSError):
                    server.serve(listener.accept()[0])

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            done.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE_S)
            assert not thread.is_alive()


@contextmanager
def link_to(address: str, *, whole_s: float = 2.0) -> Iterator[OfficeLink]:
    """Lend a link to whoever answers at ``address``."""
    with OfficeLink(OfficeTerms(address=address, token=TOKEN, whole_s=whole_s)) as link:
        yield link


class BreakingLink(OfficeLink):
    """A link to an office whose line breaks when a test wants it.

    Attributes:
        is_down: nothing reaches the office.
        loses: ends of paths; what is sent there arrives, and the answer does not, once.
        twice: everything that is sent arrives twice.
    """

    def __init__(self, terms: OfficeTerms) -> None:
        super().__init__(terms)
        self.is_down = False
        self.loses: list[str] = []
        self.twice = False

    @override
    def get(self, path: str, **query: str) -> Mapping[str, Any]:
        self._expect_line()
        return super().get(path, **query)

    @override
    def octets(self, path: str, *, most: int) -> bytes:
        self._expect_line()
        return super().octets(path, most=most)

    @override
    def send(
        self,
        path: str,
        body: Mapping[str, Any] | None,
        *,
        key: str,
        version: int | None = None,
    ) -> Mapping[str, Any]:
        self._expect_line()
        if self.twice:
            super().send(path, body, key=key, version=version)
        answer = super().send(path, body, key=key, version=version)
        end = path.rpartition("/")[2]
        if end in self.loses:
            self.loses.remove(end)
            raise SourceUnavailableError("registry-late", "The answer was lost.")
        return answer

    def _expect_line(self) -> None:
        if self.is_down:
            raise SourceUnavailableError("registry-unreachable", "The line is down.")
