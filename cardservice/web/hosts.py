"""The host check in front of everything."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from cardservice.web.problems import problem_response
from cardservice.web.security import UnknownHostError, verify_host


class HostGuard:
    """Answers only requests for the hosts we are; everything else gets a problem."""

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
