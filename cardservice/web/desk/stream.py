"""Server-sent events of the desk: first everything, then what changed."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping

from cardservice.web.desk.aside import Aside
from cardservice.web.desk.hub import Subscription
from cardservice.web.desk.past import History
from cardservice.web.desk.rendering import Renderer, shown
from cardservice.web.desk.state import DeskState, ReaderState
from cardservice.web.desk.views import key_of

DESK_EVENT = "desk"
HEARTBEAT_EVENT = "heartbeat"
HEARTBEAT = b"event: heartbeat\ndata: {}\n\n"


def encode_event(*, event: str, data: Mapping[str, object], number: int) -> bytes:
    """Return one event in the stream's format; JSON keeps the data on one line.

    Source: HTML Standard, section 9.2.6, interpreting an event stream.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"id: {number}\nevent: {event}\ndata: {text}\n\n".encode()


class DeskMessages:
    """What one page is told. Each message says everything that the page must show.

    ``readers`` is the whole order of panels, ``panels`` holds the HTML of those that are new
    to this page; so a page that missed states, or comes back, is right after one message.
    """

    def __init__(self, renderer: Renderer, *, instance: str, token: str) -> None:
        self._renderer = renderer
        self._instance = instance
        self._token = token
        self._told: dict[str, ReaderState] = {}
        self._told_besides: tuple[Aside | None, History] | None = None

    def message(self, desk: DeskState) -> bytes:
        """Return the event that brings the page from what it was told to ``desk``."""
        states = {key_of(one.reader): one for one in shown(desk)}
        news = {key: one for key, one in states.items() if self._told.get(key) != one}
        self._told = states
        data = {
            "instance": self._instance,
            "readers": list(states),
            "panels": {
                key: self._renderer.panel(one, token=self._token) for key, one in news.items()
            },
            "times": {key: _times(one) for key, one in news.items()},
            "notice": self._renderer.notice(desk),
            "standing": self._renderer.standing(desk.standing),
            **self._besides(desk),
        }
        return encode_event(event=DESK_EVENT, data=data, number=desk.version)

    def _besides(self, desk: DeskState) -> dict[str, str]:
        """Return aside and history where this page does not have them."""
        told, self._told_besides = self._told_besides, (desk.aside, desk.history)
        found = {}
        if told is None or told[0] != desk.aside:
            found["aside"] = self._renderer.aside(desk.aside, token=self._token)
        if told is None or told[1] != desk.history:
            found["history"] = self._renderer.history(desk.history)
        return found


async def desk_events(
    subscription: Subscription, messages: DeskMessages, *, heartbeat_s: float
) -> AsyncIterator[bytes]:
    """Yield the events of one page until the hub closes.

    When nothing happens for ``heartbeat_s`` seconds a heartbeat is sent: it lets the page
    notice a dead connection, and the server a page that is gone.
    """
    while True:
        try:
            async with asyncio.timeout(heartbeat_s):
                desk = await subscription.next()
        except TimeoutError:
            yield HEARTBEAT
            continue
        if desk is None:
            return
        yield messages.message(desk)


def _times(state: ReaderState) -> dict[str, float | None]:
    return {"presented_at": state.presented_at, "verdict_at": state.verdict_at}
