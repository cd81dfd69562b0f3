"""Who follows a station: pages, each woken by the floor and told the newest view."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

from cardservice.personalization.lanes import FloorControl, StationView
from cardservice.web.desk.hub import MAX_SUBSCRIBERS, DeskBusyError


class Follower:
    """One page. It holds no queue: a slow one skips views, the newest always arrives."""

    def __init__(self, hub: "StationHub") -> None:
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._changed.set()

    async def next(self) -> StationView | None:
        """Return the view at once the first time, then after each change; None at the end."""
        await self._changed.wait()
        self._changed.clear()
        return None if self._hub.closed else self._hub.view

    def wake(self) -> None:
        """Say that something changed; from any thread, never waits."""
        with suppress(RuntimeError):  # The page's event loop is closed: nobody is left to tell.
            self._loop.call_soon_threadsafe(self._changed.set)


class StationHub:
    """Lets pages follow a floor, and ends them all before the service stops."""

    def __init__(self, control: FloorControl, *, most: int = MAX_SUBSCRIBERS) -> None:
        self._control = control
        self._most = most
        self._lock = Lock()
        self._followers: set[Follower] = set()
        self._closed = False

    @property
    def view(self) -> StationView:
        return self._control.view

    @property
    def closed(self) -> bool:
        return self._closed

    @contextmanager
    def follow(self) -> Iterator[Follower]:
        """Follow the station for the length of the block; to be entered on an event loop.

        Raises:
            DeskBusyError: there are as many followers as allowed.
        """
        follower = Follower(self)
        with self._lock:
            if len(self._followers) >= self._most:
                raise DeskBusyError(f"{self._most} pages follow this station already")
            self._followers.add(follower)
        end = self._control.subscribe(follower.wake)
        try:
            yield follower
        finally:
            end()
            with self._lock:
                self._followers.discard(follower)

    def close(self) -> None:
        """End every page's stream, present and future; harmless when repeated."""
        with self._lock:
            self._closed = True
            for follower in self._followers:
                follower.wake()
