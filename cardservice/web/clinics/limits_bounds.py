"""What every request is held to before any route sees it: so long a body, and so much time."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from fastapi import Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cardservice.web.api.common import JSON_MAX
from cardservice.web.clinics.limits_refusals import refuse_unheard

BODY_S: Final = 15.0
"""Seconds in which a body has to arrive: 256 KiB over the slowest line of a clinic."""
ANSWER_S: Final = 30.0
"""Seconds in which a route answers; the database is given up before that."""

Refused = Callable[[Scope, HTTPStatus], Response]


class _BodyError(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class BoundedRequests:
    """Reads a body whole before the application begins; bounds its size and everybody's time.

    Args:
        app: what is protected.
        refused: from a scope and a status to the answer.
        most: octets of a body.
        body_s, answer_s: seconds.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        refused: Refused = refuse_unheard,
        most: int = JSON_MAX,
        body_s: float = BODY_S,
        answer_s: float = ANSWER_S,
    ) -> None:
        self._app = app
        self._refused = refused
        self._most = most
        self._body_s = body_s
        self._answer_s = answer_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._bounded(scope, receive, sending)
        except (TimeoutError, asyncio.CancelledError):
            # Too late, or the server stops and waits no longer. Half an answer is no answer: then
            # the server cuts the line.
            if begun:
                raise
            late = self._refused(scope, HTTPStatus.SERVICE_UNAVAILABLE)
            await late(scope, receive, send)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self._body(scope, receive)
        except _BodyError as error:
            await self._refused(scope, error.status)(scope, receive, send)
            return
        if body is not None:
            async with asyncio.timeout(self._answer_s):
                await self._app(scope, _replayed(body, receive), send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """Return the body; None: whoever sent it has left."""
        stated = Headers(scope=scope).get("content-length", "0")
        if not stated.isdigit() or len(stated) > len(str(self._most)) or int(stated) > self._most:
            raise _BodyError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            async with asyncio.timeout(self._body_s):
                return await self._received(receive)
        except TimeoutError:
            raise _BodyError(HTTPStatus.REQUEST_TIMEOUT) from None

    async def _received(self, receive: Receive) -> bytes | None:
        whole = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return None
            whole += message.get("body", b"")
            if len(whole) > self._most:
                raise _BodyError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            if not message.get("more_body", False):
                return bytes(whole)


def _replayed(body: bytes, receive: Receive) -> Receive:
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
