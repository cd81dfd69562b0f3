"""What is shown of a floor: one value, new after every change, and who looks at it."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from cardservice.personalization.lanes import LaneView, StationView

Facts = Callable[[], Mapping[str, Any]]
"""Fields of ``StationView`` that are counted elsewhere, as they are now."""


class Board:
    """The view of a station; safe for all threads of a floor."""

    def __init__(self, name: str, *, clock: Callable[[], datetime], facts: Facts) -> None:
        self._clock = clock
        self._facts = facts
        self._lock = threading.RLock()
        self._view = StationView(name=name, started_at=clock())
        self._followers: dict[object, Callable[[], None]] = {}

    @property
    def view(self) -> StationView:
        """Return the station as it is now."""
        return self._view

    def lane(self, number: int) -> LaneView:
        """Return one lane, by its number from 1."""
        return self._view.lanes[number - 1]

    def add_lane(self, view: LaneView) -> None:
        """Show one more lane; their numbers follow one another from 1."""
        self.change(lanes=(*self._view.lanes, view))

    def change_lane(self, number: int, **changes: Any) -> None:
        """Show one lane otherwise; ``since`` follows from a change of its state."""
        with self._lock:
            before = self.lane(number)
            if changes.get("state", before.state) is not before.state:
                changes["since"] = self._clock()
            lanes = list(self._view.lanes)
            lanes[number - 1] = replace(before, **changes)
            self._renew(lanes=tuple(lanes))
        self._call_followers()

    def change(self, **changes: Any) -> None:
        """Show the station otherwise."""
        with self._lock:
            self._renew(**changes)
        self._call_followers()

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call ``changed`` after each change; return what ends that."""
        ticket = object()
        with self._lock:
            self._followers[ticket] = changed

        def end() -> None:
            with self._lock:
                self._followers.pop(ticket, None)

        return end

    def _renew(self, **changes: Any) -> None:
        view = replace(self._view, **{**self._facts(), **changes})
        lanes = view.lanes
        self._view = replace(
            view,
            version=view.version + 1,
            made=sum(lane.made for lane in lanes),
            spoiled=sum(lane.spoiled for lane in lanes),
            per_hour=sum(lane.per_hour for lane in lanes),
        )

    def _call_followers(self) -> None:
        with self._lock:
            followers = tuple(self._followers.values())
        # With nothing locked: one who follows may look, and may ask for something.
        for changed in followers:
            # A page that is just being closed must not stop a lane.
            with suppress(Exception):
                changed()
