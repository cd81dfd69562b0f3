"""What happens at readers, as values; and what a watch over readers can do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cardservice.transport.link import CardLink


@dataclass(frozen=True, slots=True)
class ReaderAdded:
    """A reader is there, from the start or plugged in now."""

    reader: str


@dataclass(frozen=True, slots=True)
class ReaderRemoved:
    """A reader is gone; if it held a card, ``CardRemoved`` came before."""

    reader: str


@dataclass(frozen=True, slots=True)
class CardPresented:
    """A card is in the reader; ``at`` is the monotonic time in seconds at which we were told.

    ``atr`` is empty when the card does not answer (inserted the wrong way round, or broken).
    """

    reader: str
    atr: bytes
    at: float


@dataclass(frozen=True, slots=True)
class CardRemoved:
    """The card of the latest ``CardPresented`` left; ``at`` as there."""

    reader: str
    at: float


@dataclass(frozen=True, slots=True)
class ServiceLost:
    """No reader can be reached; ``message`` says why, ``remedy`` what to do. Both are sentences."""

    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ServiceRestored:
    """Readers can be reached again; those there are follow as ``ReaderAdded``."""


ReaderEvent = (
    ReaderAdded | ReaderRemoved | CardPresented | CardRemoved | ServiceLost | ServiceRestored
)
Sink = Callable[[ReaderEvent], None]


class ReaderWatch(Protocol):
    """Tells of readers and cards as they come and go, until it is stopped."""

    def start(self, sink: Sink) -> None:
        """Begin; ``sink`` gets each event, one at a time, from threads of the watch's choosing.

        It should return soon, must not raise, and must not call ``stop``.
        """
        ...

    def stop(self) -> None:
        """End promptly; no event comes after this has returned. Harmless when repeated."""
        ...

    def open(self, reader: str) -> CardLink:
        """Return a link to the card in ``reader``.

        Raises:
            LinkError: no card, no such reader, or the card is in use.
        """
        ...
