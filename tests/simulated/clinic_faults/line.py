"""The line between a desk and its service: what an answer may come to on it."""

import http.client
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Final

from typing_extensions import override

PATIENCE_S: Final = 10.0
_PASSED_ON: Final = ("Authorization", "Content-Type", "If-None-Match", "Accept")
_PASSED_BACK: Final = ("Content-Type", "ETag", "WWW-Authenticate")


@dataclass
class Said:
    """A question to the service, and its answer."""

    path: str
    question: bytes
    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)


Lie = Callable[["Line", Said], Said | None]
"""Changes an answer; None: nobody gets one."""


class Line:
    """A line that passes everything on; ``lies`` change the answers of paths."""

    def __init__(self) -> None:
        self.service = ""
        self.lies: dict[str, Lie] = {}
        self.mended = Event()
        self.repeated: list[int] = []  # statuses of answers to what was sent a second time
        self.twice = False
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.line = self
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def address(self) -> str:
        """The address of its near end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def before(self, service: str) -> str:
        """Lead to ``service`` from now on; return where it is found."""
        self.service = service.removeprefix("http://")
        return self.address

    def mend(self) -> None:
        """Let everything pass as it is."""
        self.lies, self.twice = {}, False
        self.mended.set()

    @contextmanager
    def served(self) -> Iterator["Line"]:
        """Lend the line, working."""
        self._thread.start()
        try:
            yield self
        finally:
            self.mended.set()
            self._server.shutdown()
            self._server.server_close()

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Said:
        """Return what the service says; raises OSError."""
        connection = http.client.HTTPConnection(self.service, timeout=PATIENCE_S)
        passed = {one: headers[one] for one in _PASSED_ON if one in headers}
        try:
            connection.request(method, path, body or None, passed)
            answer = connection.getresponse()
            back = {one: answer.headers[one] for one in _PASSED_BACK if one in answer.headers}
            return Said(path, body, answer.status, back, answer.read())
        finally:
            connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    line: Line


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = PATIENCE_S

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _pass_on(self) -> None:
        line, headers = self.server.line, dict(self.headers.items())
        body = self.rfile.read(int(headers.get("Content-Length", 0)))
        with suppress(OSError):  # nobody is there, or nobody waits any more: they are cut off
            said: Said | None = line.ask(self.command, self.path, headers, body)
            if line.twice:
                said = line.ask(self.command, self.path, headers, body)
                line.repeated.append(said.status)
            lie = line.lies.get(self.path)
            if lie is not None and said is not None:
                said = lie(line, said)
            if said is not None:
                self._say(said)

    def _say(self, said: Said) -> None:
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said.body)))
        self.end_headers()
        self.wfile.write(said.body)
