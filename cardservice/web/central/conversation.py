"""One making as its thread sees it: a card and a journal that are questions over a WebSocket."""

import asyncio
from concurrent.futures import CancelledError as FutureCancelledError
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from cardservice.errors import MalformedDataError, Refusal
from cardservice.personalization.central import (
    LONGEST_MESSAGE,
    MOST_STEPS,
    Answer,
    Answered,
    Ask,
    Begin,
    End,
    Exchange,
    Failed,
    Message,
    Question,
    Reset,
    Said,
    WasReset,
)
from cardservice.personalization.central_coding import decode, encode
from cardservice.personalization.central_errors import REFUSAL, link_error

_SLACK_S: Final = 5.0  # what an event loop under load may add to a bound that it keeps itself


class StationGoneError(BaseException):
    """The station is gone, or broke the rules: nothing may be done that it would have to know of.

    No ``Exception``: nothing that handles a card's errors may take it for one.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How long a station may take, seconds.

    Attributes:
        begin_s: until it says what is to be made.
        answer_s: for an answer; a card itself may wait 64 s, a person with a wrong card longer.
        whole_s: for a whole making.
    """

    begin_s: float = 10.0
    answer_s: float = 90.0
    whole_s: float = 330.0


class Conversation:
    """One WebSocket. ``begin`` and ``end`` are the event loop's, all else is the thread's."""

    def __init__(self, socket: WebSocket, bounds: Bounds) -> None:
        self._socket = socket
        self._bounds = bounds
        self._loop = asyncio.get_running_loop()
        self._until = self._loop.time() + bounds.whole_s
        self._step = 0
        self._gone = False
        self._waiting: Future[Message] | None = None

    async def begin(self) -> Begin:
        """Return what is to be made.

        Raises:
            StationGoneError: it does not say so in its form, or in time.
            Refusal: the order may not be made as it is.
        """
        message = await self._receive(self._bounds.begin_s)
        if not isinstance(message, Begin):
            raise StationGoneError
        return message

    async def end(self, end: End) -> None:
        """Say how it ended; a station that is gone hears nothing."""
        with suppress(WebSocketDisconnect, RuntimeError, OSError, TimeoutError):
            async with asyncio.timeout(self._bounds.begin_s):
                if not self._gone:
                    await self._socket.send_bytes(encode(end, self._step))
        await self.hang_up()

    async def hang_up(self) -> None:
        """End the connection; whoever waits for an answer is told that none comes."""
        self._gone = True
        if self._waiting is not None:
            self._waiting.cancel()
        with suppress(WebSocketDisconnect, RuntimeError, OSError, TimeoutError):
            async with asyncio.timeout(self._bounds.begin_s):
                await self._socket.close()

    def ask(self, question: Question) -> Answer:
        """Return the station's answer; raises StationGoneError. For the making's thread."""
        if self._gone or self._step >= MOST_STEPS - 1:
            raise StationGoneError
        self._waiting = asyncio.run_coroutine_threadsafe(self._round(question), self._loop)
        try:
            answer = self._waiting.result(self._bounds.answer_s + _SLACK_S)
        except (FutureCancelledError, TimeoutError, Refusal, StationGoneError):
            raise self.gone() from None
        finally:
            self._waiting = None
        if not isinstance(answer, Answered | WasReset | Said | Failed):
            raise self.gone()
        return answer

    def gone(self) -> StationGoneError:
        """Return what ends a making; the station is asked nothing more.

        Whoever ends one would ask the journal once more, to let go of the card.
        """
        self._gone = True
        return StationGoneError()

    async def _round(self, question: Question) -> Message:
        try:
            await self._socket.send_bytes(encode(question, self._step))
        except (WebSocketDisconnect, RuntimeError, OSError):
            raise StationGoneError from None
        answer = await self._receive(self._bounds.answer_s)
        self._step += 1
        return answer

    async def _receive(self, within_s: float) -> Message:
        within_s = min(within_s, self._until - self._loop.time())
        try:
            async with asyncio.timeout(max(0.0, within_s)):
                event = await self._socket.receive()
        except (TimeoutError, RuntimeError):
            raise StationGoneError from None
        octets = event.get("bytes")
        if octets is None or len(octets) > LONGEST_MESSAGE:
            raise StationGoneError
        try:
            return decode(octets, self._step)
        except MalformedDataError:
            raise StationGoneError from None


class FarCard:
    """The card in a station's reader; a ``PresentedCard``."""

    def __init__(self, conversation: Conversation, atr: bytes) -> None:
        self._conversation = conversation
        self._atr = atr

    @property
    def atr(self) -> bytes:
        """Answer to reset, as the station says."""
        return self._atr

    def exchange(self, command: bytes) -> bytes:
        """Return the card's answer; raises LinkError, StationGoneError."""
        answer = self._conversation.ask(Exchange(command))
        if isinstance(answer, Answered):
            return answer.response
        raise _broken(self._conversation, answer)

    def reset(self) -> bytes:
        """Return the card's answer to reset; raises LinkError, StationGoneError."""
        answer = self._conversation.ask(Reset())
        if isinstance(answer, WasReset):
            self._atr = answer.atr
            return answer.atr
        raise _broken(self._conversation, answer)


def call_of(conversation: Conversation, name: str, arguments: tuple[Any, ...]) -> Any:
    """Return what the station's journal says; raises Refusal, StationGoneError."""
    answer = conversation.ask(Ask(name, arguments))
    if isinstance(answer, Said) and answer.name == name:
        return answer.value
    if isinstance(answer, Failed) and answer.kind == REFUSAL and answer.code:
        raise Refusal(answer.code, answer.sentence)
    raise conversation.gone()


def _broken(conversation: Conversation, answer: Answer) -> BaseException:
    error = link_error(answer) if isinstance(answer, Failed) else None
    return error or conversation.gone()
