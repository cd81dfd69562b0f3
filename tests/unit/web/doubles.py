"""A watch, an examiner and a demonstration that do what the test tells them."""

import time
from collections.abc import Sequence
from threading import Event

from cardservice.errors import LinkError, Refusal
from cardservice.transport.events import (
    CardPresented,
    CardRemoved,
    ReaderAdded,
    ReaderEvent,
    Sink,
)
from cardservice.transport.link import CardLink
from cardservice.verify.examination import Examination, Problem
from cardservice.verify.ports import PresentedCard

READER = "Desk reader 1"
PATIENCE_S = 10.0  # a bound for what happens at once, so that a broken test ends


class DoubleLink:
    """A card that is only an ATR; knows whether it was let go."""

    def __init__(self, atr: bytes) -> None:
        self._atr = atr
        self.closed = False

    @property
    def atr(self) -> bytes:
        return self._atr

    def exchange(self, command: bytes) -> bytes:
        raise LinkError("a double does not talk")

    def reset(self) -> bytes:
        return self._atr

    def close(self) -> None:
        self.closed = True


class DoubleWatch:
    """Tells the events that the test makes up."""

    def __init__(self, readers: Sequence[str] = (READER,)) -> None:
        self._readers = tuple(readers)
        self._sink: Sink | None = None
        self._cards: dict[str, bytes] = {}
        self.links: list[DoubleLink] = []
        self.refusal: LinkError | None = None

    def start(self, sink: Sink) -> None:
        self._sink = sink
        for reader in self._readers:
            sink(ReaderAdded(reader))

    def stop(self) -> None:
        self._sink = None

    def open(self, reader: str) -> CardLink:
        if self.refusal is not None:
            raise self.refusal
        link = DoubleLink(self._cards.get(reader, b"gone"))
        self.links.append(link)
        return link

    def tell(self, event: ReaderEvent) -> None:
        if self._sink is not None:
            self._sink(event)

    def present(self, card: bytes, reader: str = READER) -> None:
        self._cards[reader] = card
        self.tell(CardPresented(reader, card, time.monotonic()))

    def remove(self, reader: str = READER) -> None:
        self._cards.pop(reader, None)
        self.tell(CardRemoved(reader, time.monotonic()))


class DoubleExaminer:
    """Says of each ATR what it was told to; a gate makes it wait in the middle.

    ``opened`` holds what it says of a card that was shown the number printed on it,
    ``pictured`` what it says of one that is read with its photo.
    """

    def __init__(
        self,
        known: dict[bytes, Examination],
        opened: dict[tuple[bytes, str], Examination] | None = None,
    ) -> None:
        self.known = known
        self.opened = opened or {}
        self.pictured: dict[bytes, Examination] = {}
        self.photos: list[bool] = []
        self.numbers: list[str | None] = []
        self.gates: dict[bytes, Event] = {}
        self.entered: dict[bytes, Event] = {}

    def gate(self, card: bytes) -> Event:
        """Return what lets the examination of ``card`` go on, which stops from now on."""
        self.entered[card] = Event()
        self.gates[card] = Event()
        return self.gates[card]

    def examine(
        self, card: PresentedCard, *, can: str | None = None, photo: bool = False
    ) -> Examination:
        self.numbers.append(can)
        self.photos.append(photo)
        if card.atr in self.gates:
            self.entered[card.atr].set()
            self.gates[card.atr].wait(PATIENCE_S)
        if photo and card.atr in self.pictured:
            return self.pictured[card.atr]
        if can is None:
            return self.known[card.atr]
        return self.opened.get((card.atr, can), Examination(problem=Problem.CAN_WRONG))


class DoubleDemonstration:
    """Cards of the examiner, put on the readers of the watch."""

    def __init__(
        self, watch: DoubleWatch, titles: dict[str, str], numbers: dict[str, str] | None = None
    ) -> None:
        self._watch = watch
        self._titles = titles
        self.numbers = numbers or {}
        self.done: list[tuple[str, ...]] = []

    def cards(self) -> Sequence[tuple[str, str]]:
        return tuple(self._titles.items())

    def printed(self, card_id: str) -> str | None:
        return self.numbers.get(card_id)

    def tap(self, card_id: str, reader: str) -> None:
        if card_id not in self._titles:
            raise Refusal("unknown-card", "There is no such card.")
        self.done.append(("tap", card_id, reader))
        self._watch.present(card_id.encode(), reader)

    def lift(self, reader: str) -> None:
        self.done.append(("lift", reader))
        self._watch.remove(reader)
