"""What happens in a tray, told in one numbered sequence to everybody who asked."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

logger = logging.getLogger(__name__)

QUEUE_EVENTS: Final = 1_024  # 256 cards come and go twice before a sink that sleeps loses one
END_S: Final = 5.0


class EventKind(StrEnum):
    """Kinds of events."""

    READER_ADDED = "reader added"
    READER_GONE = "reader gone"
    INSERTED = "inserted"
    REMOVED = "removed"
    FAULT = "fault"
    """A fault of the plan, or of the hand, took effect; ``detail`` names it."""
    POWER_CUT = "power cut"
    """The card lost its power in a command and is still in the reader."""
    BROKEN = "broken"
    """The card raised; ``detail`` is the kind of error. ``REMOVED`` follows."""
    EVENTS_LOST = "events lost"
    """The subscriber was too slow; ``detail`` is the number of events it was not told."""


@dataclass(frozen=True, slots=True)
class TrayEvent:
    """One event. No octet of any command, answer or file is in it.

    Attributes:
        number: 1, 2, 3 … for the whole tray; ``EVENTS_LOST`` has the number of the last one lost.
        at: seconds on the tray's clock.
        reader: the reader's name; empty for ``EVENTS_LOST``.
        card: the card's name in the tray, None where no card is concerned.
    """

    number: int
    at: float
    kind: EventKind
    reader: str
    card: str | None
    detail: str = ""


EventSink = Callable[[TrayEvent], None]


class Bulletin:
    """Numbers events and hands them to subscribers, each with a queue and a thread of its own.

    Publishing never waits: a full queue loses what comes, and its subscriber is told how many.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._number = 0
        self._subscribers: list[Subscriber] = []

    def publish(
        self, kind: EventKind, reader: str, card: str | None = None, detail: str = ""
    ) -> None:
        """Tell every subscriber, later and in its own thread."""
        with self._lock:
            self._number += 1
            event = TrayEvent(self._number, self._clock(), kind, reader, card, detail)
            for subscriber in self._subscribers:
                subscriber.offer(event)

    def subscribe(self, sink: EventSink) -> Callable[[], None]:
        """Call ``sink`` for every event from now on; return what ends that."""
        subscriber = Subscriber(sink)
        with self._lock:
            self._subscribers.append(subscriber)
        subscriber.start()
        return lambda: self._end(subscriber)

    def settle(self, timeout_s: float) -> bool:
        """Return whether all that was published has been told, waiting at most ``timeout_s``."""
        with self._lock:
            subscribers = tuple(self._subscribers)
        return all(one.settle(timeout_s) for one in subscribers)

    def close(self) -> None:
        """End all subscriptions once they have been told what is in their queues (5 s each)."""
        with self._lock:
            subscribers = tuple(self._subscribers)
        for subscriber in subscribers:
            self._end(subscriber)

    def _end(self, subscriber: "Subscriber") -> None:
        with self._lock:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)
        subscriber.end()


class Subscriber:
    """One sink, its bounded queue and its thread."""

    def __init__(self, sink: EventSink, *, limit: int = QUEUE_EVENTS) -> None:
        self._sink = sink
        self._limit = limit
        self._changed = threading.Condition()
        self._waiting: deque[TrayEvent] = deque()
        self._lost = 0
        self._last_lost: TrayEvent | None = None
        self._busy = False
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="tray events", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def offer(self, event: TrayEvent) -> None:
        """Queue ``event``, or count it as lost. Never waits for the sink."""
        with self._changed:
            # While some are lost, later ones are too: the sink is told of them in one piece.
            if len(self._waiting) >= self._limit or self._lost:
                self._lost += 1
                self._last_lost = event
            else:
                self._waiting.append(event)
            self._changed.notify_all()

    def settle(self, timeout_s: float) -> bool:
        """Return whether the sink has been told everything, waiting at most ``timeout_s``."""
        with self._changed:
            return self._changed.wait_for(self._is_idle, timeout_s)

    def end(self) -> None:
        """Deliver what is queued and stop. The sink itself may ask for it."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join(END_S)

    def _is_idle(self) -> bool:
        return not (self._waiting or self._lost or self._busy)

    def _run(self) -> None:
        while (event := self._take()) is not None:
            try:
                self._sink(event)
            except Exception as error:  # noqa: BLE001 - a sink's fault is not the tray's
                logger.warning("a sink of tray events raised (%s)", type(error).__name__)

    def _take(self) -> TrayEvent | None:
        with self._changed:
            self._busy = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._waiting or self._lost or self._ended)
            event = self._waiting.popleft() if self._waiting else self._loss()
            self._busy = event is not None
            return event

    def _loss(self) -> TrayEvent | None:
        last, lost = self._last_lost, self._lost
        self._last_lost, self._lost = None, 0
        if last is None:
            return None
        return TrayEvent(last.number, last.at, EventKind.EVENTS_LOST, "", None, str(lost))
