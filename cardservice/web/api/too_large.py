"""What the framework says to a request that is too large, as problem details."""

import json
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cardservice.web.api.common import API
from cardservice.web.problems import PROBLEM_TYPE

_TOO_LARGE: Final = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
_BODY: Final = json.dumps(
    {"type": "about:blank", "title": _TOO_LARGE.phrase, "status": _TOO_LARGE}
).encode()
_HEADERS: Final = (
    (b"content-type", PROBLEM_TYPE.encode()),
    (b"content-length", str(len(_BODY)).encode()),
)


class TooLargeAsProblem:
    """Puts problem details in place of the plain text that the body limit answers with.

    The limit answers outside of the handlers of errors, so it is met here.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(API):
            await self._app(scope, receive, send)
            return
        replacing = False

        async def send_problem(message: Message) -> None:
            nonlocal replacing
            if message["type"] == "http.response.start" and _is_plain(message):
                replacing = True
                await send({**message, "headers": list(_HEADERS)})
            elif replacing:
                await send({"type": "http.response.body", "body": _BODY})
            else:
                await send(message)

        await self._app(scope, receive, send_problem)


def _is_plain(message: Message) -> bool:
    kind = dict(message["headers"]).get(b"content-type", b"")
    return bool(message["status"] == _TOO_LARGE and kind.startswith(b"text/plain"))
