"""The central service's one way in: a WebSocket for each making, for stations that have a token."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from traceback import extract_tb
from typing import Final, Protocol

from fastapi import FastAPI, WebSocket
from starlette.responses import PlainTextResponse

from cardservice.errors import CardServiceError, Refusal
from cardservice.personalization.central import PATH, Begin, End, Failed, Made
from cardservice.personalization.central_errors import BUSY, failed
from cardservice.personalization.journal_calls import Call
from cardservice.personalization.station import MadeCard
from cardservice.verify.ports import PresentedCard
from cardservice.web.central.conversation import (
    Bounds,
    Conversation,
    FarCard,
    StationGoneError,
    call_of,
)

MOST_OPEN: Final = 64  # makings at once; a central signs far more, and each has a thread
PATIENCE_S: Final = 5.0  # for the thread of a making that another one of its lane takes over
_SCHEME: Final = "bearer "
_LONGEST_TOKEN: Final = 200

LOG: Final = logging.getLogger("cardservice.central")


class Central(Protocol):
    """What makes cards for stations; ``home.central.CentralHome`` is one."""

    def station_of(self, token: str) -> str | None: ...

    def make(self, card: PresentedCard, begin: Begin, call: Call) -> MadeCard: ...


@dataclass(slots=True)
class _Open:
    conversation: Conversation
    ended: asyncio.Event


class Makings:
    """The makings that are open now: so many, and one for each lane of a station."""

    def __init__(self, central: Central, *, bounds: Bounds, most_open: int) -> None:
        self._central = central
        self._bounds = bounds
        self._most_open = most_open
        self._entered = 0
        self._open: dict[tuple[str, int], _Open] = {}
        self.threads = ThreadPoolExecutor(most_open, thread_name_prefix="making")

    async def enter(self, socket: WebSocket) -> None:
        """Carry on one WebSocket from its first octet to its last."""
        refused = self._refused(socket)
        if isinstance(refused, HTTPStatus):
            await socket.send_denial_response(
                PlainTextResponse(refused.phrase, status_code=refused)
            )
            return
        self._entered += 1
        try:
            await socket.accept()
            await self._converse(Conversation(socket, self._bounds), refused)
        finally:
            self._entered -= 1

    def _refused(self, socket: WebSocket) -> HTTPStatus | str:
        """Return why a station is not let in, or its name."""
        try:
            station = self._central.station_of(_bearer(socket))
        except Refusal:
            return HTTPStatus.SERVICE_UNAVAILABLE
        if station is None:
            return HTTPStatus.UNAUTHORIZED
        return HTTPStatus.SERVICE_UNAVAILABLE if self._entered >= self._most_open else station

    async def _converse(self, conversation: Conversation, station: str) -> None:
        try:
            begin = await conversation.begin()
        except StationGoneError:
            await conversation.hang_up()
            return
        except Refusal as refusal:
            await conversation.end(failed(refusal))
            return
        end = await self._alone(conversation, station, begin)
        if end is None:
            await conversation.hang_up()
        else:
            await conversation.end(end)

    async def _alone(self, conversation: Conversation, station: str, begin: Begin) -> End | None:
        """Make the card, with no other making open for this lane of this station."""
        lane = station, begin.lane
        before = self._open.get(lane)
        mine = self._open[lane] = _Open(conversation, asyncio.Event())
        try:
            # A lane begins anew when its connection was cut, perhaps before we know that it was.
            if before is not None and not await _over(before):
                return Failed(BUSY)
            return await self._in_thread(conversation, station, begin)
        finally:
            mine.ended.set()
            if self._open.get(lane) is mine:
                del self._open[lane]

    async def _in_thread(
        self, conversation: Conversation, station: str, begin: Begin
    ) -> End | None:
        make = partial(_make, self._central, conversation, begin)
        loop = asyncio.get_running_loop()
        end = await loop.run_in_executor(self.threads, make)
        word = "cut off" if end is None else "made" if isinstance(end, Made) else end.code
        name = begin.order_id or "no name"
        # Never the reason's sentence, the chip's answers or the order itself.
        LOG.info("%s lane %d order %s: %s", station, begin.lane, name, word or "failed")
        return end


def create_central_app(
    central: Central, *, bounds: Bounds | None = None, most_open: int = MOST_OPEN
) -> FastAPI:
    """Return the application; starts nothing.

    Args:
        central: makes the cards.
        bounds: how long stations may take.
        most_open: makings at once; a further station is told to come again.
    """
    makings = Makings(central, bounds=bounds or Bounds(), most_open=most_open)
    app = FastAPI(
        openapi_url=None, docs_url=None, redoc_url=None, lifespan=_lifespan(makings.threads)
    )
    app.add_api_websocket_route(PATH, makings.enter)
    return app


def _lifespan(
    threads: ThreadPoolExecutor,
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        threads.shutdown(wait=False, cancel_futures=True)

    return lifespan


async def _over(before: _Open) -> bool:
    await before.conversation.hang_up()
    try:
        async with asyncio.timeout(PATIENCE_S):
            await before.ended.wait()
    except TimeoutError:
        return False
    return True


def _make(central: Central, conversation: Conversation, begin: Begin) -> End | None:
    """Return how the making ended, None: the station is gone. Raises nothing."""
    try:
        return Made(
            central.make(FarCard(conversation, begin.atr), begin, partial(call_of, conversation))
        )
    except StationGoneError:
        return None
    except CardServiceError as error:
        return failed(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, the station is told
        # No traceback: an error's own words may hold what was in a message.
        LOG.error("a fault of the program: %s at %s", type(error).__name__, _at(error))  # noqa: TRY400
        return failed(error)


def _at(error: Exception) -> str:
    last = extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _bearer(socket: WebSocket) -> str:
    header = socket.headers.get("authorization", "")
    scheme, token = header[: len(_SCHEME)], header[len(_SCHEME) :]
    return token if scheme.lower() == _SCHEME and len(token) <= _LONGEST_TOKEN else ""
