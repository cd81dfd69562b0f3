"""The line between a station and its office: what an answer may come to on it."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto, unique
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Final

from typing_extensions import override

PATIENCE_S: Final = 10.0
_PASSED_ON: Final = ("Authorization", "Idempotency-Key", "If-Match", "Content-Type")
_WRONG: Final = b"<html>Welcome to the hotel's network</html>"


@unique
class Trouble(Enum):
    """What the line does."""

    NONE = auto()
    LATE = auto()  # the office hears it and answers, and the answer comes when nobody waits
    TWICE = auto()  # the office hears it twice; its second answer is the one that comes
    WRONG = auto()  # somebody else answers, and the office hears nothing


class Line:
    """A line that a test lets be in trouble; ``address`` is what the station knows."""

    def __init__(self, office: str) -> None:
        self.office = office.removeprefix("http://").rstrip("/")
        self.trouble = Trouble.NONE
        self.mended = Event()
        self.commands = 0  # heard by the office while the line was in trouble
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.line = self
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    @property
    def address(self) -> str:
        """The address of its near end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def mend(self) -> None:
        """Let everything pass from now on."""
        self.trouble = Trouble.NONE
        self.mended.set()

    def break_again(self, trouble: Trouble) -> None:
        """Let the line be in trouble once more."""
        self.mended.clear()
        self.trouble = trouble

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
        line = self.server.line
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        trouble = line.trouble
        if trouble is Trouble.WRONG:
            self._say(200, "text/html", _WRONG)
            return
        if trouble is not Trouble.NONE:
            line.commands += self.command == "POST"
        said = self._ask(body)
        if trouble is Trouble.TWICE:
            said = self._ask(body)
        if trouble is Trouble.LATE:
            line.mended.wait(PATIENCE_S)
        with suppress(OSError):  # nobody waits any more
            self._say(*said)

    def _ask(self, body: bytes) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection(self.server.line.office, timeout=PATIENCE_S)
        headers = {one: self.headers[one] for one in _PASSED_ON if one in self.headers}
        try:
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
        finally:
            connection.close()

    def _say(self, status: int, kind: str, octets: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)
