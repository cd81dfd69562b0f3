"""Requests to the office, one after the other: bounded in time and size, no redirects.

An answer that trickles is cut off with the time set aside for the whole of it, so one event loop
keeps the time for all requests; callers wait for it in their own threads.
"""

import asyncio
import ssl
import threading
from types import TracebackType
from typing import Final, Self

import httpx

from cardservice.errors import SourceUnavailableError
from cardservice.officelink.answers import (
    LATE,
    UNREACHABLE,
    Answer,
    Members,
    members_of,
    octets_of,
    wrong,
)
from cardservice.officelink.terms import IDLE_S, JSON_OCTETS, OfficeTerms

_CAUSES: Final = 8  # of an error: a connection's errors are three deep
_HUNG_UP: Final = "Server disconnected"  # the HTTP library's words for a line that was cut


class OfficeLink:
    """The office, as a station asks it. Safe for threads, none of which runs an event loop."""

    def __init__(self, terms: OfficeTerms) -> None:
        self._terms = terms
        self._lock = threading.Lock()
        self._runner = asyncio.Runner()
        headers = {
            "Authorization": f"Bearer {terms.token}",
            "Accept-Encoding": "identity",  # what is packed has no size before it is unpacked
        }
        # Proxies and password files of the environment would change where we connect to.
        self._client = httpx.AsyncClient(
            headers=headers,
            verify=terms.tls,
            trust_env=False,
            timeout=httpx.Timeout(terms.whole_s, connect=terms.connect_s),
            limits=httpx.Limits(max_connections=1, keepalive_expiry=IDLE_S),
        )

    def get(self, path: str, **query: str) -> Members:
        """Return the JSON object at ``path``.

        Raises:
            SourceUnavailableError, Refusal: as ``answers.members_of``.
        """
        return members_of(
            self._ask(self._client.build_request("GET", self._at(path), params=query))
        )

    def octets(self, path: str, *, most: int) -> bytes:
        """Return the file at ``path``, at most so many octets; raises as ``get``."""
        return octets_of(self._ask(self._client.build_request("GET", self._at(path)), most))

    def send(
        self, path: str, body: Members | None, *, key: str, version: int | None = None
    ) -> Members:
        """Return what a command came to; the same ``key`` makes it the same command.

        Args:
            path: after ``/api/v1``.
            body: of the command; None: it has none.
            key: the station's name for it, 1 to 100 visible ASCII characters.
            version: of the order that is changed.

        Raises:
            SourceUnavailableError, Refusal: as ``answers.members_of``.
        """
        headers = {"Idempotency-Key": key}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        url = self._at(path)
        request = self._client.build_request("POST", url, json=body, headers=headers)
        return members_of(self._ask(request))

    def close(self) -> None:
        """Let go of the connection. Harmless when repeated."""
        with self._lock:
            if not self._client.is_closed:
                self._runner.run(self._client.aclose())
            self._runner.close()

    def __enter__(self) -> Self:
        """Return this link, to be closed at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the link."""
        self.close()

    def _at(self, path: str) -> str:
        return self._terms.base + path

    def _ask(self, request: httpx.Request, most: int = JSON_OCTETS) -> Answer:
        try:
            with self._lock:
                return self._runner.run(self._bounded(request, most))
        except httpx.ConnectError as error:
            if _is_about_tls(error):
                raise wrong("cannot prove that it is the office") from None
            raise _unreachable() from None
        except httpx.ConnectTimeout:
            raise _unreachable() from None
        except (TimeoutError, httpx.TimeoutException):
            raise SourceUnavailableError(LATE, "The registry did not answer in time.") from None
        except httpx.RemoteProtocolError as error:
            if str(error).startswith(_HUNG_UP):
                raise _unreachable() from None
            raise wrong("does not speak HTTP as an office does") from None
        except (httpx.HTTPError, OSError):
            raise _unreachable() from None

    async def _bounded(self, request: httpx.Request, most: int) -> Answer:
        async with asyncio.timeout(self._terms.whole_s):
            response = await self._client.send(request, stream=True, follow_redirects=False)
            try:
                return Answer(response.status_code, _kind(response), await _body(response, most))
            finally:
                await response.aclose()


async def _body(response: httpx.Response, most: int) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise wrong("packs its answers, which it was asked not to")
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > most:
            raise wrong(f"says more than {most} octets at once")
    return bytes(body)


def _kind(response: httpx.Response) -> str:
    kind: str = response.headers.get("content-type", "")
    return kind.partition(";")[0].strip().lower()


def _is_about_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    for _ in range(_CAUSES):
        if cause is None or isinstance(cause, ssl.SSLError):
            break
        cause = cause.__cause__ or cause.__context__
    return isinstance(cause, ssl.SSLError)


def _unreachable() -> SourceUnavailableError:
    return SourceUnavailableError(UNREACHABLE, "The registry cannot be reached.")
