"""Readers that live in this process and know nothing of this package: a seam of octets."""

import time
from collections.abc import Callable, Iterable
from typing import Protocol

from cardservice.errors import (
    CardRemovedError,
    CardServiceError,
    ReaderUnavailableError,
    UsageError,
)
from cardservice.transport.events import CardPresented, CardRemoved, ReaderAdded, Sink
from cardservice.transport.link import CardLink

DEFAULT_REMEDY = "see the reader's own message"


class SeamReader(Protocol):
    """A reader object of another package; any exception of its own may come out of it."""

    @property
    def name(self) -> str:
        """The reader's name, unique among those watched."""
        ...

    def subscribe(self, callback: Callable[[bytes | None], None]) -> Callable[[], None]:
        """Call back with the ATR at an insertion (at once if a card is in), None at a removal.

        Returns what ends the subscription.
        """
        ...

    def connect(self) -> CardLink:
        """Return an object with the members of a link; its errors are its own."""
        ...


class SeamLink:
    """A link over a foreign object: the same octets, and only this package's errors."""

    def __init__(self, seam: CardLink) -> None:
        self._seam = seam
        self._exchange = seam.exchange

    @property
    def atr(self) -> bytes:
        """Answer to reset, 2 to 33 octets as received."""
        return self._seam.atr

    def exchange(self, command: bytes) -> bytes:
        """Send one encoded command APDU; return the encoded response, SW included.

        Raises:
            CardRemovedError: the foreign object raised; its error is the cause.
        """
        try:
            return self._exchange(command)
        except CardServiceError:
            raise
        except Exception as error:
            raise CardRemovedError("the card left, or stopped answering") from error

    def reset(self) -> bytes:
        """Warm-reset the card; return its ATR.

        Raises:
            CardRemovedError: as for ``exchange``.
        """
        try:
            return self._seam.reset()
        except CardServiceError:
            raise
        except Exception as error:
            raise CardRemovedError("the card left, or does not answer to reset") from error

    def close(self) -> None:
        """Let go of the card. Harmless when repeated, and when the card is gone."""
        self._seam.close()


def open_seam(connect: Callable[[], CardLink]) -> SeamLink:
    """Return a link over what ``connect`` opens.

    Raises:
        ReaderUnavailableError: it raised; its ``remedy`` is kept if it has one.
    """
    try:
        return SeamLink(connect())
    except CardServiceError:
        raise
    except Exception as error:
        remedy = str(getattr(error, "remedy", DEFAULT_REMEDY))
        raise ReaderUnavailableError(str(error), remedy=remedy) from error


class InProcessWatch:
    """A ``ReaderWatch`` over reader objects of this process.

    Events come from the thread that moves the card.
    """

    def __init__(
        self, readers: Iterable[SeamReader], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._readers = {reader.name: reader for reader in readers}
        self._clock = clock
        self._subscriptions: list[Callable[[], None]] = []

    def start(self, sink: Sink) -> None:
        """Begin: every reader is added, then its card presented if it holds one.

        Raises:
            UsageError: started already.
        """
        if self._subscriptions:
            raise UsageError("this watch is started already")
        for name, reader in self._readers.items():
            sink(ReaderAdded(name))
            self._subscriptions.append(reader.subscribe(self._teller(name, sink)))

    def stop(self) -> None:
        """End the subscriptions. Harmless when repeated."""
        while self._subscriptions:
            self._subscriptions.pop()()

    def open(self, reader: str) -> CardLink:
        """Return a link to the card in ``reader``.

        Raises:
            ReaderUnavailableError: no such reader, no card in it, or it is in use.
        """
        found = self._readers.get(reader)
        if found is None:
            raise ReaderUnavailableError(
                f"no reader is called {reader!r}", remedy=f"choose from {sorted(self._readers)}"
            )
        return open_seam(found.connect)

    def _teller(self, name: str, sink: Sink) -> Callable[[bytes | None], None]:
        def tell(atr: bytes | None) -> None:
            at = self._clock()
            sink(CardRemoved(name, at) if atr is None else CardPresented(name, atr, at))

        return tell
