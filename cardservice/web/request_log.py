"""One line for each request: its id, the route's name, status, time; nothing of what was sent.

The path itself is not told, since numbers and ids stand in paths; nor is the query, a body, who
asked, or from where.
"""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    # Every service has this log, few have figures: their library is loaded only where they are,
    # and there not before its folder is known.
    from cardservice.web.metrics import Metrics

HEADER: Final = "X-Request-ID"
NO_ANSWER: Final = 499  # the client went away first; nginx's own number for it
NO_ROUTE: Final = "none"
_WEBSOCKET: Final = 101
_TURNED_AWAY: Final = 403  # what a server answers where a WebSocket is closed and never accepted
_FAILED: Final = 500
_ANSWERS: Final = frozenset({"http.response.start", "websocket.http.response.start"})
_log: Final = logging.getLogger("cardservice.request")
_request_id: Final[ContextVar[str]] = ContextVar("request_id", default="")


def request_id() -> str:
    """Return the id of the request that this code runs for; empty outside of one."""
    return _request_id.get()


def new_request_id() -> str:
    """Return 32 random hexadecimal digits."""
    return uuid4().hex


class RequestLog:
    """Stands outside of everything else, so that each answer has passed by it.

    The id is ours: one that a client chose could be a person's number.

    Args:
        metrics: where requests are counted as well.
        clock: seconds that only go on.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: "Metrics | None" = None,
        clock: Callable[[], float] = time.perf_counter,
        new_id: Callable[[], str] = new_request_id,
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._clock = clock
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        token = _request_id.set(self._new_id())
        answer = _Answer(send, request_id())
        begun = self._clock()
        try:
            await self._app(scope, receive, answer.send)
        except Exception as error:
            answer.status = answer.status or _FAILED
            answer.error = error
            raise
        finally:
            self._tell(scope, answer, self._clock() - begun)
            _request_id.reset(token)

    def _tell(self, scope: Scope, answer: "_Answer", seconds: float) -> None:
        route, status = route_name(scope), answer.status or NO_ANSWER
        if self._metrics is not None:
            self._metrics.request(route, status, seconds)
        fields = {"route": route, "status": status, "ms": round(seconds * 1000, 1)}
        # The server tells of the error too, but no longer knows of which request it was.
        _log.info("request", extra={"fields": fields}, exc_info=answer.error)


class _Answer:
    def __init__(self, send: Send, id_: str) -> None:
        self._send = send
        self._id = id_
        self.status = 0
        self.error: Exception | None = None

    async def send(self, message: Message) -> None:
        if message["type"] in _ANSWERS:
            self.status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self._id
        elif message["type"] == "websocket.accept":
            self.status = _WEBSOCKET
        elif message["type"] == "websocket.close":
            self.status = self.status or _TURNED_AWAY
        await self._send(message)


def route_name(scope: Scope) -> str:
    """Return the name of the route that answered, ``none`` where no route did."""
    route: Any = scope.get("route")
    name = getattr(route, "name", None) or getattr(scope.get("endpoint"), "__name__", None)
    return str(name) if name else NO_ROUTE
