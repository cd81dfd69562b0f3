"""Server-sent events of a station: first everything, then what changed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from cardservice.personalization.lanes import LaneView, StationView
from cardservice.web.desk.stream import HEARTBEAT, encode_event
from cardservice.web.station.hub import Follower
from cardservice.web.station.rendering import StationRenderer, crowd_of

STATION_EVENT: Final = "station"
BREATH_S: Final = 0.1  # seconds between two messages: no eye follows faster, sixteen lanes are


class StationMessages:
    """What one page is told. Each message says everything that the page must show.

    ``lanes`` is the whole order of tiles, ``tiles`` has the HTML of those that are new to this
    page; so a page that missed views, or comes back, is right after one message.
    """

    def __init__(self, renderer: StationRenderer, *, instance: str, token: str) -> None:
        self._renderer = renderer
        self._instance = instance
        self._token = token
        self._told: dict[int, LaneView] = {}

    def message(self, view: StationView) -> bytes:
        """Return the event that brings the page from what it was told to ``view``."""
        lanes = {one.number: one for one in view.lanes}
        news = [one for number, one in lanes.items() if self._told.get(number) != one]
        self._told = lanes
        data = {
            "instance": self._instance,
            "crowd": crowd_of(view),
            "lanes": [f"lane-{number}" for number in lanes],
            "tiles": {
                f"lane-{one.number}": self._renderer.lane(one, token=self._token) for one in news
            },
            "line": self._renderer.line(view),
            "remedies": self._renderer.remedies(view),
        }
        return encode_event(event=STATION_EVENT, data=data, number=view.version)


async def station_events(
    follower: Follower, messages: StationMessages, *, heartbeat_s: float
) -> AsyncIterator[bytes]:
    """Yield the events of one page until the hub closes.

    When nothing happens for ``heartbeat_s`` seconds a heartbeat is sent: it lets the page notice
    a dead connection, and the server a page that is gone.
    """
    while True:
        try:
            async with asyncio.timeout(heartbeat_s):
                view = await follower.next()
        except TimeoutError:
            yield HEARTBEAT
            continue
        if view is None:
            return
        yield messages.message(view)
        await asyncio.sleep(BREATH_S)
