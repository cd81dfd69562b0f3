"""Conversations with cards in readers of this process, for programs without PC/SC."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from simulators.reader.errors import CardGoneError, CardSilentError, ReaderBusyError
from simulators.reader.inprocess import InProcessLink
from simulators.tray import Tray, UnknownNameError
from simulators.web.simulation.errors import CardSilentHereError

TURN_S: Final = 30.0  # the slowest command of a slow chip is shorter


class Conversations:
    """At most one conversation a reader; it lasts as long as the card stays."""

    def __init__(self, tray: Tray) -> None:
        self._tray = tray
        self._links: dict[str, InProcessLink] = {}
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def exchange(self, reader: str, command: bytes) -> bytes:
        """Return the card's answer; the first command begins a conversation.

        A card that left ends the conversation, and the one who talks is told so once.

        Raises:
            CardGoneError: the reader is empty, or the card left, before or meanwhile.
            CardSilentHereError: the card is in and does not answer.
            ReaderBusyError: somebody else has the card.
            TrayError: no such reader, or one of PC/SC.
        """
        with self._turn(reader):
            link = self._links.get(reader) or self._begin(reader)
            try:
                return link.exchange(command)
            except CardGoneError as error:
                raise self._broken(reader, error) from error

    def reset(self, reader: str) -> bytes:
        """Reset the card, or begin a conversation with the one that is in; return its ATR.

        Raises as ``exchange``.
        """
        with self._turn(reader):
            link = self._links.get(reader)
            if link is None:
                return self._begin(reader).atr
            try:
                return link.reset()
            except CardGoneError as error:
                if isinstance(error.__cause__, CardSilentError):
                    raise CardSilentHereError from error
                self._end(reader)
                return self._begin(reader).atr

    def forget(self, reader: str) -> None:
        """End the conversation at a reader that is taken away."""
        self._end(reader)

    def close(self) -> None:
        """End all conversations."""
        for reader in tuple(self._links):
            self._end(reader)

    @contextmanager
    def _turn(self, reader: str) -> Iterator[None]:
        if reader not in self._tray.readers:
            raise UnknownNameError("reader", reader)
        lock = self._turns[reader]
        if not lock.acquire(timeout=TURN_S):
            raise ReaderBusyError("the card is at another command", remedy="wait for its answer")
        try:
            yield
        finally:
            lock.release()

    def _begin(self, reader: str) -> InProcessLink:
        link = self._links[reader] = self._tray.connect(reader)
        return link

    def _end(self, reader: str) -> None:
        link = self._links.pop(reader, None)
        if link is not None:
            link.close()

    def _broken(self, reader: str, error: CardGoneError) -> Exception:
        # A silent card stays, and its conversation with it: a reset may wake it.
        if isinstance(error.__cause__, CardSilentError):
            return CardSilentHereError()
        self._end(reader)
        return CardGoneError(str(error))
