"""The same sessions over one socket: one after the other, and gone with it.

What is wrong closes the socket, with the code of the problem as the reason.
"""

import asyncio
import json
import logging
from collections import Counter
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, WebSocket
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect

from cardservice.accounts.rights import Right
from cardservice.errors import Refusal
from cardservice.texts.languages import Language, negotiate
from cardservice.verify.relaying import MAX_ANSWER
from cardservice.web.clinics.card_asking import fault, json_object
from cardservice.web.clinics.card_sessions_relay import (
    CardRelay,
    answers_of,
    opening_of,
    relay_of,
)
from cardservice.web.clinics.parts import Client
from cardservice.web.signin.errors import NotPermittedError, SignInNeededError

router = APIRouter()
logger = logging.getLogger(__name__)

FRAME_MAX: Final = 2 * MAX_ANSWER + 1_024
"""Characters of one message: the longest answer in hexadecimal, and its frame."""

STREAMS: Final = 2_000  # sockets of one process
STREAMS_OF_CLIENT: Final = 200
BETWEEN_S: Final = 300.0  # seconds until the next card; a socket is opened anew in no time
SEND_S: Final = 10.0  # seconds a client may take to read a message of a few kilobytes
POLICY: Final = 1008  # close codes of RFC 6455, 7.4.1
TOO_BIG: Final = 1009
BROKEN: Final = 1011
_FRAME: Final = "frame-too-large"
_BEARER: Final = "bearer "
_CODES: Final[tuple[tuple[type[Exception], str], ...]] = (
    (SignInNeededError, "sign-in-needed"),
    (NotPermittedError, "not-permitted"),
    (RequestValidationError, "malformed-request"),
    (TimeoutError, "session-idle"),
)


class Stream:
    """One client's socket; its token is looked at again with every card."""

    def __init__(self, socket: WebSocket, relay: CardRelay) -> None:
        self._socket = socket
        self._relay = relay
        self._token = ""
        self._session: str | None = None
        self._owner: Client | None = None
        self._language = negotiate(
            accepted=socket.headers.get("accept-language"), default=Language.EN
        )

    async def serve(self, counts: "Counter[UUID]") -> None:
        """Serve the client until it goes or does something wrong."""
        self._token = await self._first_token()
        client = await run_in_threadpool(self._client)
        if counts.total() >= STREAMS or counts[client.id] >= STREAMS_OF_CLIENT:
            raise Refusal("sessions-full", "Too many cards are being read now.")
        counts[client.id] += 1
        try:
            while True:
                sent = json_object(await self._receive())
                await self._send(await run_in_threadpool(self._answer, sent))
        finally:
            counts[client.id] -= 1
            counts += Counter()  # those with none are forgotten
            await run_in_threadpool(self._forget)

    def _answer(self, sent: dict[str, Any]) -> dict[str, Any]:
        if "step" in sent and self._session is not None and self._owner is not None:
            told = self._relay.take(self._owner, self._session, answers_of(sent), self._language)
        elif "step" in sent:
            raise Refusal("session-unknown", "There is no session; begin one.")
        else:
            told = self._open(sent)
        if "verdict" in told:
            self._session = None
        return told

    def _open(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Begin with a card; one that was begun before is forgotten."""
        self._forget()
        self._owner = self._client()
        told = self._relay.open(self._owner, opening_of(sent))
        self._session = told["session"]
        return told

    def _forget(self) -> None:
        session, self._session = self._session, None
        if session is None or self._owner is None:
            return
        try:
            self._relay.sessions.end(self._owner.id, session)
        except Refusal:
            return  # its time was up

    def _client(self) -> Client:
        client = self._relay.parts.clients.recognise(self._token)
        if client is None:
            raise SignInNeededError
        if Right.COVERAGE_ASK not in client.rights:
            raise NotPermittedError
        return client

    async def _first_token(self) -> str:
        header = self._socket.headers.get("authorization", "")
        if header.lower().startswith(_BEARER):
            return header[len(_BEARER) :].strip()
        token = json_object(await self._receive()).get("token")
        if not isinstance(token, str):
            raise fault("missing", "token")
        return token

    async def _receive(self) -> str:
        idle_s = BETWEEN_S if self._session is None else self._relay.sessions.limits.idle_s
        async with asyncio.timeout(idle_s):
            message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        text = message.get("text")
        if len(text or message.get("bytes") or "") > FRAME_MAX:
            raise Refusal(_FRAME, "A message is longer than any that a card's answers need.")
        if text is None:
            raise fault("value_error")
        return str(text)

    async def _send(self, told: dict[str, Any]) -> None:
        async with asyncio.timeout(SEND_S):
            await self._socket.send_text(json.dumps(told, ensure_ascii=False))


@router.websocket("/stream")
async def clinic_stream_card_sessions(socket: WebSocket) -> None:
    """Read one card after the other over one socket; the messages are those of the routes."""
    await socket.accept()
    state = socket.app.state
    if not hasattr(state, "card_streams"):
        state.card_streams = Counter()
    try:
        await Stream(socket, relay_of(socket)).serve(state.card_streams)
    except WebSocketDisconnect:
        return
    except Exception as error:  # whatever it is, the client is told and the socket closed
        code, reason = _closing(error)
        if code == BROKEN:
            logger.exception("a card's stream failed")
        await _close(socket, code, reason)


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    try:
        async with asyncio.timeout(SEND_S):
            await socket.close(code, reason)
    except (TimeoutError, RuntimeError, WebSocketDisconnect):
        return  # it is gone already


def _closing(error: Exception) -> tuple[int, str]:
    if isinstance(error, Refusal):
        return (TOO_BIG if error.code == _FRAME else POLICY), error.code
    known = (code for kind, code in _CODES if isinstance(error, kind))
    code = next(known, None)
    return (BROKEN, "internal-error") if code is None else (POLICY, code)
