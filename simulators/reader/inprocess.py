"""A reader in this process: a function call where others have a cable."""

import threading
from collections.abc import Callable
from contextlib import ExitStack

from simulators.reader.card import Card
from simulators.reader.errors import CardGoneError, CardPulledError, ReaderBusyError

PresenceCallback = Callable[[bytes | None], None]
"""Told the ATR when a card is in the reader, None when the reader is empty."""

CardOut = Callable[[Card], None]
"""Told of a card that has left a reader, in whatever way, once it has lost its power."""


def _nobody(_: Card) -> None:
    pass


class InProcessReader:
    """One slot; a card is inserted, talked to by at most one link at a time, and removed.

    ``on_out`` is told of every card that leaves.
    """

    def __init__(self, name: str, *, on_out: CardOut = _nobody) -> None:
        self.name = name
        self._on_out = on_out
        self._announced = False
        self._changed = threading.Condition(threading.RLock())
        self._card: Card | None = None
        self._link: InProcessLink | None = None
        self._callbacks: list[PresenceCallback] = []

    @property
    def occupied(self) -> bool:
        """Whether a card is in the reader now."""
        return self._card is not None

    def insert(self, card: Card, *, announced: bool = True) -> bytes:
        """Put ``card`` in and power it; return its ATR. Presence callbacks run before this returns.

        Not ``announced``, the card is in and nobody is told: the reader lost the event.

        Raises:
            ReaderBusyError: there is a card in the reader already.
        """
        with self._changed:
            if self._card is not None:
                raise ReaderBusyError("a card is in the reader", remedy="remove it first")
            atr = card.power_up()
            self._card = card
            self._announced = announced
            if announced:
                self._announce(atr)
            return atr

    def remove(self) -> None:
        """Pull the card out, in the middle of whatever it does. Harmless when the slot is empty."""
        with self._changed:
            card = self._card
        if card is not None:
            self.lose(card)

    def lose(self, card: Card) -> None:
        """Pull out ``card``, and no other that may be in its place by now."""
        # Once the lock is free and whatever a subscriber raises, the card loses its power.
        with ExitStack() as afterwards, self._changed:
            if self._card is not card:
                return
            self._card = None
            afterwards.callback(self._on_out, card)
            afterwards.callback(card.power_down)
            self._drop_link()
            if self._announced:
                self._announce(None)

    def connect(self) -> "InProcessLink":
        """Return the one link to the card that is in the reader.

        Raises:
            CardGoneError: the reader is empty.
            ReaderBusyError: another link is open.
        """
        with self._changed:
            if self._card is None:
                raise CardGoneError(f"no card in reader {self.name!r}")
            if self._link is not None:
                raise ReaderBusyError("the card is in use", remedy="close the other link")
            self._link = InProcessLink(self, self._card)
            return self._link

    def subscribe(self, callback: PresenceCallback) -> Callable[[], None]:
        """Call ``callback`` at every insertion and removal; return what ends that.

        A card that is already in is announced at once, so no subscriber can miss one.
        """
        with self._changed:
            self._callbacks.append(callback)
            if self._card is not None:
                callback(self._card.atr)
        return lambda: self._unsubscribe(callback)

    def wait(self, *, occupied: bool, timeout_s: float) -> bool:
        """Wait until the slot is ``occupied`` (or empty); return whether that came true in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self.occupied is occupied, timeout_s)

    def release(self, link: "InProcessLink") -> None:
        """Forget ``link`` and reset the card: the next link finds no session of this one."""
        with self._changed:
            if self._link is not link:
                return
            card = self._card
            self._drop_link()
        if card is None:
            return
        try:
            card.reset()
        except CardPulledError:
            self.lose(card)

    def _unsubscribe(self, callback: PresenceCallback) -> None:
        with self._changed:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

    def _drop_link(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.cut()

    def _announce(self, atr: bytes | None) -> None:
        self._changed.notify_all()
        for callback in tuple(self._callbacks):
            callback(atr)


class InProcessLink:
    """The conversation with the card of an :class:`InProcessReader`."""

    def __init__(self, reader: InProcessReader, card: Card) -> None:
        self._reader = reader
        self._card: Card | None = card
        self._atr = card.atr

    @property
    def atr(self) -> bytes:
        """Answer to the latest reset, 2 to 33 octets."""
        return self._atr

    def exchange(self, command: bytes) -> bytes:
        """Return the card's response to one encoded command APDU.

        Raises:
            CardGoneError: the card was removed, before or meanwhile, or raised.
        """
        return self._while_it_stays(lambda card: card.execute(command))

    def reset(self) -> bytes:
        """Warm-reset the card; return its ATR.

        Raises:
            CardGoneError: as for ``exchange``.
        """
        self._atr = self._while_it_stays(lambda card: card.reset())
        return self._atr

    def close(self) -> None:
        """Let go of the card. Harmless when repeated, and when the card is gone."""
        self._reader.release(self)

    def cut(self) -> None:
        """Lose the card; for the reader, when it is pulled out or the link is closed."""
        self._card = None

    def _while_it_stays(self, action: Callable[[Card], bytes]) -> bytes:
        card = self._card
        if card is None:
            raise CardGoneError("the card is no longer in the reader")
        try:
            answer = action(card)
        except CardPulledError as pulled:
            self._reader.lose(card)
            if pulled.last_answer is None:
                raise CardGoneError("the card left in the middle of a command") from pulled
            return pulled.last_answer
        except Exception as error:
            raise CardGoneError("the card stopped answering") from error
        # An answer of a card that left meanwhile never reached the terminal.
        if self._card is not card:
            raise CardGoneError("the card left in the middle of a command")
        return answer
