"""Where the blank cards of a batch come from: a tray of simulated ones, or a person."""

import queue
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib.metadata import entry_points
from typing import Final, Protocol, Self, cast

from cardservice.errors import CardServiceError, ReaderUnavailableError
from cardservice.transport.events import CardPresented, CardRemoved, ReaderEvent, ServiceLost
from cardservice.transport.inprocess import DEFAULT_REMEDY
from cardservice.transport.link import CardLink
from cardservice.transport.pcsc.watch import PcscWatch
from cardservice.transport.registry import open_link

TRAYS: Final = "cardservice.trays"
VIRTUAL: Final = "virtual"
PREFETCH: Final = 4
"""Readers in turn: pcscd asks a virtual reader every 0.4 s, so the next card waits already."""
PRESENCE_S: Final = 10.0  # a virtual card is seen within 0.4 s


class BlankCards(Protocol):
    """Lends one blank card after the other."""

    def next_blank(self) -> AbstractContextManager[CardLink]:
        """Lend a link to the next blank card, which is taken away afterwards.

        Raises:
            LinkError: no card could be had.
        """
        ...


class InProcessCards:
    """New blank software cards, each in a reader of this process."""

    @contextmanager
    def next_blank(self) -> Iterator[CardLink]:
        link = open_link("sim:")
        try:
            yield link
        finally:
            link.close()


class PresentedByHand:
    """Blank cards that a person puts into the reader ``url`` names."""

    def __init__(self, url: str, *, ask: Callable[[], None]) -> None:
        self._url = url
        self._ask = ask

    @contextmanager
    def next_blank(self) -> Iterator[CardLink]:
        self._ask()
        link = open_link(self._url)
        try:
            yield link
        finally:
            link.close()


class Tray(Protocol):
    """What the entry point ``virtual`` makes: readers of another package with blank cards."""

    @property
    def readers(self) -> tuple[str, ...]: ...

    def insert_blank(self, reader: str) -> None: ...

    def remove(self, reader: str) -> None: ...

    def close(self) -> None: ...


class VirtualCards:
    """Blank software cards in virtual PC/SC readers of a pcscd of our own, reached by pyscard.

    The readers take turns. A new card goes into a reader only after PC/SC has noticed that the
    last one left: it looks every 0.4 s, and would take a quicker swap for the same card.
    """

    def __init__(self, tray: Tray) -> None:
        self._tray = tray
        self._turn = deque(tray.readers)
        self._events: queue.Queue[ReaderEvent] = queue.Queue()
        self._present: set[str] = set()
        self._leaving: set[str] = set()
        self._watch = PcscWatch()

    def __enter__(self) -> Self:
        self._watch.start(self._events.put)
        for reader in self._turn:
            self._tray.insert_blank(reader)
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.stop()
        self._tray.close()

    @contextmanager
    def next_blank(self) -> Iterator[CardLink]:
        """Lend the card of the reader whose turn it is, once PC/SC sees it."""
        reader = self._turn[0]
        self._turn.rotate(-1)
        self._wait_for(reader)
        link = self._watch.open(reader)
        try:
            yield link
        finally:
            link.close()
            self._present.discard(reader)
            self._leaving.add(reader)
            self._tray.remove(reader)

    def _wait_for(self, reader: str) -> None:
        end = time.monotonic() + PRESENCE_S
        while reader not in self._present:
            try:
                self._take(self._events.get(timeout=max(0.0, end - time.monotonic())))
            except queue.Empty:
                raise ReaderUnavailableError(
                    f"no card appeared in {reader}", remedy="see: cardservice reader doctor"
                ) from None
        while not self._events.empty():
            self._take(self._events.get())

    def _take(self, event: ReaderEvent) -> None:
        if isinstance(event, CardPresented):
            self._present.add(event.reader)
        elif isinstance(event, CardRemoved) and event.reader in self._leaving:
            self._leaving.discard(event.reader)
            self._tray.insert_blank(event.reader)
        elif isinstance(event, ServiceLost):
            raise ReaderUnavailableError(event.message, remedy=event.remedy)


def open_virtual_cards(stack: ExitStack, *, readers: int = PREFETCH) -> VirtualCards:
    """Return blank cards over PC/SC, on a pcscd of our own that ``stack`` stops.

    Raises:
        ReaderUnavailableError: not root, or something is missing; ``remedy`` says what.
    """
    return stack.enter_context(VirtualCards(_open_tray(readers)))


def _open_tray(readers: int) -> Tray:
    try:
        (entry,) = entry_points(group=TRAYS, name=VIRTUAL)
        return cast("Tray", entry.load()(readers=readers))
    except CardServiceError:
        raise
    except Exception as error:
        remedy = str(getattr(error, "remedy", DEFAULT_REMEDY))
        raise ReaderUnavailableError(str(error), remedy=remedy) from error
