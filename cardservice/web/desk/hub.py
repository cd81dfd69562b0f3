"""The present state of the desk, and everybody who wants to know when it changes."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Lock

from cardservice.desk.presentations import Presentation, Report
from cardservice.errors import CardServiceError, Refusal
from cardservice.web.desk.state import DeskState
from cardservice.web.desk.typed import PhotoWish, TakeNumber, TakePhotoWish, TypedNumber

MAX_SUBSCRIBERS = 64  # pages open at once; a desk has a few, a leak would have thousands
Change = Callable[[DeskState], DeskState]


class DeskBusyError(CardServiceError):
    """As many pages follow the desk as it allows."""


def number_not_asked() -> Refusal:
    """Return the refusal of a number that no card waits for."""
    return Refusal("number-not-asked", "No card on this reader asks for its number now.")


def photo_not_offered() -> Refusal:
    """Return the refusal of a photo that no card on the reader can show now."""
    return Refusal("photo-not-offered", "No card on this reader can show its photo now.")


class Subscription:
    """One follower. It holds no queue: a slow one skips states, the latest always arrives."""

    def __init__(self, hub: "DeskHub") -> None:
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._changed.set()

    async def next(self) -> DeskState | None:
        """Return the state at once the first time, then after each change; None at the end."""
        await self._changed.wait()
        self._changed.clear()
        return None if self._hub.closed else self._hub.state

    def wake(self) -> None:
        """Say that the state changed; from any thread, never waits."""
        with suppress(RuntimeError):  # The follower's event loop is closed: nobody is left to tell.
            self._loop.call_soon_threadsafe(self._changed.set)


class DeskHub:
    """Holds the state; changes come from any thread, followers live on event loops."""

    def __init__(self, *, max_subscribers: int = MAX_SUBSCRIBERS) -> None:
        self._lock = Lock()
        self._state = DeskState()
        self._followers: set[Subscription] = set()
        self._max_subscribers = max_subscribers
        self._closed = False
        self._take_number: TakeNumber | None = None
        self._take_photo_wish: TakePhotoWish | None = None
        self._report: Report | None = None
        self._at_the_end: list[Callable[[], None]] = []

    @property
    def state(self) -> DeskState:
        return self._state

    @property
    def closed(self) -> bool:
        return self._closed

    def update(self, change: Change) -> DeskState:
        """Apply ``change`` to the state, tell the followers if it made one, return the new state.

        ``change`` runs under the hub's lock: it is quick and calls nothing of the hub.
        """
        with self._lock:
            changed = change(self._state)
            if changed == self._state:
                return changed
            self._state = replace(changed, version=self._state.version + 1)
            self._wake_all()
            return self._state

    def numbers_go_to(self, take: TakeNumber | None) -> None:
        """Let ``take`` have the numbers that pages hand over; None when nobody takes them."""
        self._take_number = take

    def hand_over(self, typed: TypedNumber) -> None:
        """Pass on what a clerk typed; the hub keeps nothing of it.

        Raises:
            Refusal: that card is not there any more, or does not ask for its number now.
        """
        take = self._take_number
        if take is None:
            raise number_not_asked()
        take(typed)

    def photo_wishes_go_to(self, take: TakePhotoWish | None) -> None:
        """Let ``take`` have the wishes for photos; None when nobody takes them."""
        self._take_photo_wish = take

    def ask_photo(self, wish: PhotoWish) -> None:
        """Pass on that a photo is wanted; it comes with a later state.

        Raises:
            Refusal: that card is not there any more, or has no photo to show now.
        """
        take = self._take_photo_wish
        if take is None:
            raise photo_not_offered()
        take(wish)

    def reports_go_to(self, report: Report | None) -> None:
        """Let ``report`` have the presentations that are over; None when nobody is told."""
        self._report = report

    def report(self, presentation: Presentation) -> None:
        """Tell of a presentation that is over; never waits."""
        if self._report is not None:
            self._report(presentation)

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """Follow the desk for the length of the block; to be entered on an event loop.

        Raises:
            DeskBusyError: there are as many followers as allowed.
        """
        follower = Subscription(self)
        with self._lock:
            if len(self._followers) >= self._max_subscribers:
                raise DeskBusyError(f"{self._max_subscribers} pages follow this desk already")
            self._followers.add(follower)
        try:
            yield follower
        finally:
            with self._lock:
                self._followers.discard(follower)

    def at_the_end(self, do: Callable[[], None]) -> None:
        """Call ``do`` when the hub closes; it is harmless when repeated."""
        self._at_the_end.append(do)

    def close(self) -> None:
        """End every subscription, present and future; harmless when repeated."""
        with self._lock:
            self._closed = True
            self._wake_all()
        for do in self._at_the_end:
            do()

    def _wake_all(self) -> None:
        for follower in self._followers:
            follower.wake()
