"""WS /local/v1/stream: a paired page follows the readers.

The first message of the page is ``{"token": …}``, for a browser's socket has no headers of the
page's own. It says nothing after that. What is wrong closes the socket, with the code as reason.
"""

import asyncio
import json
import logging
from contextlib import suppress
from typing import Final

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from cardservice.errors import Refusal
from cardservice.texts.languages import Language, negotiate
from cardservice.web.desk.hub import DeskBusyError, Subscription
from cardservice.web.local.answering import problem
from cardservice.web.local.desk import PREFIX, LocalDesk, local_of
from cardservice.web.local.documents import LocalMessages
from cardservice.web.local.origins import verify_origin

router = APIRouter(prefix=PREFIX)
logger = logging.getLogger(__name__)

FRAME_MAX: Final = 512
"""Characters of the one message that a page sends."""
GOING_AWAY: Final = 1001  # close codes of RFC 6455, 7.4.1
POLICY: Final = 1008
TOO_BIG: Final = 1009
BROKEN: Final = 1011
_NO_CODE: Final = 1005


class _WrongError(Exception):
    """The page did what it must not; ``code`` closes its socket."""

    def __init__(self, close: int, code: str) -> None:
        super().__init__(code)
        self.close = close
        self.code = code


class LocalStream:
    """One page's socket, accepted already."""

    def __init__(self, socket: WebSocket, local: LocalDesk, origin: str) -> None:
        self._socket = socket
        self._local = local
        self._origin = origin
        self._token = ""
        self._messages = LocalMessages(local, _language(socket))

    async def serve(self) -> None:
        """Tell the page everything until it goes, does something wrong, or the desk closes."""
        async with asyncio.timeout(self._local.limits.token_s):
            self._token = _token_in(await self._receive())
        self._require_pairing()
        with self._local.hub.subscribe() as subscription:
            tasks = (
                asyncio.create_task(self._tell(subscription)),
                asyncio.create_task(self._hear()),
            )
            done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in waiting:
                task.cancel()
            # Both may end at once; what the second one says is heard as well, and passed over.
            await asyncio.gather(*tasks, return_exceptions=True)
            for task in done:
                task.result()

    async def _tell(self, subscription: Subscription) -> None:
        while True:
            try:
                # Not wait_for: before Python 3.12 it forgets to be cancelled at the very moment
                # that there is something to tell, and would tell for ever.
                async with asyncio.timeout(self._local.limits.heartbeat_s):
                    desk = await subscription.next()
            except TimeoutError:
                self._require_pairing()
                await self._send(self._messages.heartbeat())
                continue
            if desk is None:
                raise _WrongError(GOING_AWAY, "desk-closing")
            self._require_pairing()
            for message in self._messages.messages(desk):
                await self._send(message)

    async def _hear(self) -> None:
        await self._receive()
        raise _WrongError(POLICY, "message-unexpected")

    def _require_pairing(self) -> None:
        self._local.require_holder(self._token, self._origin)

    async def _receive(self) -> str:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", _NO_CODE))
        text = message.get("text")
        if len(text or message.get("bytes") or "") > FRAME_MAX:
            raise _WrongError(TOO_BIG, "frame-too-large")
        if text is None:
            raise _WrongError(POLICY, "malformed-request")
        return str(text)

    async def _send(self, text: str) -> None:
        try:
            async with asyncio.timeout(self._local.limits.send_s):
                await self._socket.send_text(text)
        except TimeoutError:
            # Nothing is kept for it: whoever reads so slowly comes again and gets the latest.
            raise _WrongError(POLICY, "too-slow") from None


@router.websocket("/stream")
async def local_stream(socket: WebSocket) -> None:
    """Follow the readers."""
    local = local_of(socket)
    try:
        origin = verify_origin(socket.headers, local.origins)
        with local.sockets.one():
            await socket.accept()
            await _served(socket, local, origin)
    except Refusal as refusal:  # before it was accepted: the browser gets an answer instead
        await socket.send_denial_response(problem(refusal, _language(socket)))


async def _served(socket: WebSocket, local: LocalDesk, origin: str) -> None:
    try:
        await LocalStream(socket, local, origin).serve()
    except WebSocketDisconnect:
        return
    except Exception as error:  # whatever it is, the page is told and the socket closed
        close, code = _closing(error)
        if close == BROKEN:
            logger.exception("a stream to a clinic system failed")
        with suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
            async with asyncio.timeout(local.limits.send_s):
                await socket.close(close, code)


def _closing(error: Exception) -> tuple[int, str]:
    match error:
        case _WrongError():
            return error.close, error.code
        case Refusal():
            return POLICY, error.code
        case TimeoutError():
            return POLICY, "token-missing"
        case DeskBusyError():
            return POLICY, "desk-busy"
        case _:
            return BROKEN, "internal-error"


def _token_in(text: str) -> str:
    try:
        token = json.loads(text)["token"]
    except (ValueError, TypeError, KeyError, RecursionError):
        token = None
    if not isinstance(token, str):
        raise _WrongError(POLICY, "malformed-request")
    return token


def _language(socket: WebSocket) -> Language:
    return negotiate(accepted=socket.headers.get("accept-language"), default=Language.EN)
