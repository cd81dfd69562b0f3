"""In front of everything: who may ask, how much may be sent, and the headers of every answer."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulators.web.problems import problem_response
from simulators.web.security import (
    SECURITY_HEADERS,
    TooLargeError,
    UnknownHostError,
    verify_host,
)

BODY_OCTETS_MAX: Final = 1_048_576
"""A state file with the largest photo has about 100,000."""
_LENGTH_DIGITS_MAX: Final = 18


class SecurityHeaders:
    """Puts the headers on every answer; a route that sets one of them itself is left alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class HostGuard:
    """Answers only requests for the hosts we are."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._app
        if scope["type"] in {"http", "websocket"}:
            try:
                verify_host(Headers(scope=scope), self._hosts)
            except UnknownHostError as error:
                answer = problem_response(error)
        await answer(scope, receive, send)


class BodyLimit:
    """Takes a body in only while it is short enough, whether its length is told or not."""

    def __init__(self, app: ASGIApp, limit: int = BODY_OCTETS_MAX) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "0")
        if not _is_at_most(told, self._limit):
            await self._refuse(scope, receive, send)
            return
        body = await self._collect(receive)
        if body is None:
            await self._refuse(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _collect(self, receive: Receive) -> list[Message] | None:
        """Return the messages of the body, None as soon as they hold too much."""
        messages, octets = [], 0
        while True:
            message = await receive()
            messages.append(message)
            octets += len(message.get("body", b""))
            if octets > self._limit:
                return None
            if message["type"] != "http.request" or not message.get("more_body", False):
                return messages

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = TooLargeError(f"a body has at most {self._limit:,} octets")
        await problem_response(error)(scope, receive, send)


def _is_at_most(told: str, limit: int) -> bool:
    digits = told.isascii() and told.isdecimal() and len(told) <= _LENGTH_DIGITS_MAX
    return digits and int(told) <= limit


def _replay(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def receive_again() -> Message:
        for message in waiting:
            return message
        return await receive()

    return receive_again
