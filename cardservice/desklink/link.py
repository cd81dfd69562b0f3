"""Requests to the service, one after the other: bounded in time and size, no redirects.

An answer that trickles is cut off with the time set aside for the whole of it, so one event loop
keeps the time for all requests; callers wait for it in their own threads.
"""

import asyncio
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

import httpx

from cardservice.desklink.answers import (
    LATE,
    STOPPED,
    Answer,
    entity_tag,
    unreachable,
    wrong,
)
from cardservice.desklink.certificates import tls_fault
from cardservice.desklink.terms import JSON_OCTETS, ServiceTerms
from cardservice.errors import SourceUnavailableError

_CAUSES: Final = 8  # of an error: a connection's errors are three deep
_HUNG_UP: Final = "Server disconnected"  # the HTTP library's words for a line that was cut
_PATIENCE_S: Final = 2.0  # for a request that was told to end


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request.

    Attributes:
        method: of HTTP.
        address: whole.
        headers: further ones; an access token is among them.
        body: sent as JSON; None: nothing.
        form: sent as a form instead.
        most: octets of the answer.
        whole_s: seconds of the whole; None: the link's own.
    """

    method: str
    address: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: object = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    most: int = JSON_OCTETS
    whole_s: float | None = None


class ServiceLink:
    """The service, as a desk asks it. Safe for threads, none of which runs an event loop."""

    def __init__(self, terms: ServiceTerms) -> None:
        self.terms = terms
        self._lock = threading.Lock()
        self._guard = threading.Lock()
        self._stopped = False
        self._asking: tuple[asyncio.AbstractEventLoop, asyncio.Task[Answer]] | None = None
        self._runner = asyncio.Runner()
        # Proxies and password files of the environment would change where we connect to.
        self._client = httpx.AsyncClient(
            # What is packed has no size before it is unpacked.
            headers={"Accept-Encoding": "identity"},
            verify=terms.tls,
            trust_env=False,
            timeout=httpx.Timeout(terms.list_s, connect=terms.connect_s),
            # A connection serves one question: what is left of one answer never answers the next.
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=0),
        )

    def ask(self, question: Question) -> Answer:
        """Return the answer as it came, of whatever status.

        Raises:
            SourceUnavailableError: ``service-unreachable``, ``service-late``, ``service-wrong``,
                ``service-stopped``, or what ``tls_fault`` says.
        """
        request = self._client.build_request(
            question.method,
            question.address,
            headers=dict(question.headers),
            **_content(question),
        )
        whole_s = self.terms.whole_s if question.whole_s is None else question.whole_s
        try:
            with self._lock:
                return self._runner.run(self._bounded(request, question.most, whole_s))
        except asyncio.CancelledError:
            raise _ended() from None
        except httpx.ConnectError as error:
            about_tls = _tls_error(error)
            raise unreachable() if about_tls is None else tls_fault(about_tls) from None
        except httpx.ConnectTimeout:
            raise unreachable() from None
        except (TimeoutError, httpx.TimeoutException):
            raise SourceUnavailableError(LATE, "The service did not answer in time.") from None
        except httpx.RemoteProtocolError as error:
            if str(error).startswith(_HUNG_UP):
                raise unreachable() from None
            raise wrong("does not speak HTTP as a service does") from None
        except (httpx.HTTPError, OSError):
            raise unreachable() from None

    @property
    def stopped(self) -> bool:
        """Whether nothing is asked any more."""
        return self._stopped

    def stop(self) -> None:
        """Cut off what is asked now, and refuse to ask more; returns at once."""
        with self._guard:
            self._stopped = True
            if self._asking is not None:
                loop, task = self._asking
                loop.call_soon_threadsafe(task.cancel)

    def close(self) -> None:
        """Stop, and let go of the connection. Harmless when repeated."""
        self.stop()
        if not self._lock.acquire(timeout=_PATIENCE_S):
            return  # whoever asks has what is left
        try:
            if not self._client.is_closed:
                self._runner.run(self._client.aclose())
            self._runner.close()
        finally:
            self._lock.release()

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

    async def _bounded(self, request: httpx.Request, most: int, whole_s: float) -> Answer:
        asking = asyncio.ensure_future(self._answered(request, most))
        with self._guard:
            if self._stopped:
                asking.cancel()
            self._asking = asyncio.get_running_loop(), asking
        try:
            async with asyncio.timeout(whole_s):
                return await asking
        finally:
            with self._guard:
                self._asking = None

    async def _answered(self, request: httpx.Request, most: int) -> Answer:
        response = await self._client.send(request, stream=True, follow_redirects=False)
        try:
            octets = await _body(response, most)
        finally:
            await response.aclose()
        tag = entity_tag(response.headers.get("etag"))
        return Answer(response.status_code, _kind(response), octets, tag)


def _content(question: Question) -> dict[str, Any]:
    if question.form is not None:
        return {"data": dict(question.form)}
    return {} if question.body is None else {"json": question.body}


def _ended() -> SourceUnavailableError:
    return SourceUnavailableError(STOPPED, "The desk stops; the service is not asked any more.")


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


def _tls_error(error: BaseException) -> ssl.SSLError | None:
    cause: BaseException | None = error
    for _ in range(_CAUSES):
        if cause is None or isinstance(cause, ssl.SSLError):
            break
        cause = cause.__cause__ or cause.__context__
    return cause if isinstance(cause, ssl.SSLError) else None
