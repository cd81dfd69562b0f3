"""The other end: a program that asks a running service."""

import json
from collections.abc import Generator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, Final
from urllib.parse import quote, urlsplit

from simulators.reader.errors import ReaderSetupError
from simulators.web.security import JSON_TYPE

USUAL_URL: Final = "http://127.0.0.1:8765"
ANSWER_S: Final = 60.0
"""The zoo's first card takes a second, the slowest command half a minute."""
EVENT_S: Final = 30.0  # three heartbeats
ANSWER_OCTETS_MAX: Final = 16_777_216
_LINE_MAX: Final = 65_536
_FIRST_ERROR: Final = 400
_EVENTS: Final = frozenset({"tray", "gap"})


class Service:
    """A service by its URL. Every failure is one line with a remedy (ReaderSetupError)."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._place = _place_of(url)

    def get(self, *path: str) -> Any:
        """Return the answer to a question."""
        return self.send("GET", *path)

    def send(
        self,
        method: str,
        *path: str,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Return the parsed answer, None when it is empty. Names in ``path`` may be any text."""
        connection = HTTPConnection(*self._place, timeout=ANSWER_S)
        try:
            answer = self._ask(connection, method, path, body=body, headers=headers)
            return self._parsed(answer)
        finally:
            connection.close()

    def events(self) -> Generator[dict[str, Any], None, None]:
        """Yield what happens from now on; a gap as ``missed``, the number or None."""
        connection = HTTPConnection(*self._place, timeout=EVENT_S)
        try:
            answer = self._ask(connection, "GET", ("events",))
            if answer.status >= _FIRST_ERROR:
                self._parsed(answer)
            yield from self._told(answer)
        finally:
            connection.close()

    def _ask(
        self,
        connection: HTTPConnection,
        method: str,
        path: tuple[str, ...],
        *,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HTTPResponse:
        target = "/" + "/".join(quote(part, safe="") for part in path)
        content = None if body is None else json.dumps(body)
        kind = {} if body is None else {"Content-Type": JSON_TYPE}
        try:
            connection.request(method, target, content, {**kind, **(headers or {})})
            return connection.getresponse()
        except (OSError, HTTPException) as error:
            raise self._absent() from error

    def _told(self, answer: HTTPResponse) -> Generator[dict[str, Any], None, None]:
        event = ""
        while line := self._line(answer):
            name, _, value = line.decode(errors="replace").rstrip("\r\n").partition(": ")
            if name == "event":
                event = value
            elif name == "data" and event in _EVENTS:
                yield json.loads(value)

    def _line(self, answer: HTTPResponse) -> bytes:
        try:
            return answer.readline(_LINE_MAX)
        except (OSError, HTTPException) as error:
            raise self._absent() from error

    def _parsed(self, answer: HTTPResponse) -> Any:
        try:
            content = answer.read(ANSWER_OCTETS_MAX)
            parsed = json.loads(content) if content else None
        except (OSError, HTTPException) as error:
            raise self._absent() from error
        except ValueError as error:
            raise self._foreign() from error
        if answer.status < _FIRST_ERROR:
            return parsed
        if not isinstance(parsed, dict) or "title" not in parsed:
            raise self._foreign()
        said = str(parsed.get("detail") or parsed["title"])
        remedy = str(parsed.get("remedy") or "look at what was asked for")
        raise ReaderSetupError(_one_line(said), remedy=_one_line(remedy))

    def _absent(self) -> ReaderSetupError:
        return ReaderSetupError(
            f"no service answers at {self._url}", remedy="start it with `cardsim serve`, or --url"
        )

    def _foreign(self) -> ReaderSetupError:
        return ReaderSetupError(
            f"what answers at {self._url} is no `cardsim serve`", remedy="give its address by --url"
        )


def _place_of(url: str) -> tuple[str, int | None]:
    """Return host and port of a plain HTTP address."""
    try:
        parts = urlsplit(url)
        place = (parts.hostname or "", parts.port)
    except ValueError:
        place = ("", None)
    if not place[0] or not url.startswith("http://"):
        raise ReaderSetupError(f"{url!r} is no address", remedy=f"write it as {USUAL_URL}")
    return place


def _one_line(text: str) -> str:
    return " ".join(text.split())
