"""A route that takes a file up to a bound, and says on a page when more was sent.

The framework's own limit answers in plain text whoever has named a length beyond it.
"""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message, Receive
from typing_extensions import override

from cardservice.errors import Refusal
from cardservice.uploads.receiving import MEBIBYTE, TABLE_OCTETS
from cardservice.web.office.forms import MAX_TEXT

MAX_TABLE: Final = TABLE_OCTETS + MAX_TEXT
UNLIMITED: Final = 1 << 50  # octets; of the framework, as the bound here comes first
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _TooLargeError(HTTPException):
    """What passes through the framework's reading of a form as it is."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


class TableRoute(APIRoute):
    """Raises Refusal ``file-too-large`` at the first octet of a body beyond ``MAX_TABLE``."""

    @override
    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def answer_bounded(request: Request) -> Response:
            try:
                return await answer(Request(request.scope, _bounded(request)))
            except _TooLargeError:
                sentence = f"The file is larger than {TABLE_OCTETS // MEBIBYTE} MiB."
                raise Refusal("file-too-large", sentence, field="file") from None

        return answer_bounded


def _bounded(request: Request) -> Receive:
    came = 0

    async def receive() -> Message:
        nonlocal came
        if _declared(request) > MAX_TABLE:
            raise _TooLargeError
        message = await request.receive()
        came += len(message.get("body", b""))
        if came > MAX_TABLE:
            raise _TooLargeError
        return message

    return receive


def _declared(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdecimal() else 0
