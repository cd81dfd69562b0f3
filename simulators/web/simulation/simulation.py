"""A tray as it is moved over HTTP."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

from simulators.card import Interface
from simulators.faults import FaultPlan
from simulators.tray import Tray, TrayError, TrayReader, UnknownNameError
from simulators.web.simulation.cards import Cards
from simulators.web.simulation.conversations import Conversations
from simulators.web.simulation.errors import CardElsewhereError, ReaderFullError, TooManyError
from simulators.web.simulation.history import History
from simulators.web.simulation.names import check_name
from simulators.web.simulation.readers import Faults, ReaderRecord, Times, Wishes
from simulators.web.simulation.zoo import CatalogueOnDemand

READERS_MAX: Final = 512


class Simulation:
    """Readers, cards, conversations and events of one tray, by name. Any thread may use it.

    It belongs to whoever made it and does not close the tray. ``times`` is what the tray was told
    for new readers.
    """

    def __init__(
        self,
        tray: Tray,
        *,
        zoo_folder: Path | None = None,
        times: Times | None = None,
        history: History | None = None,
    ) -> None:
        self.zoo = CatalogueOnDemand(zoo_folder)
        self.cards = Cards(tray, self.zoo)
        self.conversations = Conversations(tray)
        self.history = history or History()
        self._tray = tray
        self._lock = threading.RLock()
        self._moves: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)
        self._usual = Wishes(times=times)
        self._wishes: dict[str, Wishes] = {}
        self._end_of_events = tray.subscribe(self.history.note)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End streams and conversations, and remove a temporary zoo. Harmless when repeated."""
        self.history.close()
        self._end_of_events()
        self.conversations.close()
        self.zoo.close()

    def readers(self) -> tuple[ReaderRecord, ...]:
        """Return the readers that are there."""
        return tuple(self._record(reader) for reader in self._tray.readers.values())

    def reader(self, name: str) -> ReaderRecord:
        """Return one reader.

        Raises:
            UnknownNameError: it is not there.
        """
        return self._record(self._reader(name))

    def add_reader(self, name: str, interface: Interface) -> bool:
        """Make a reader of this process, or bring it back; return whether it was not there.

        Raises:
            RefusedNameError: no reader may be called that.
            TrayError: there is one of the other interface.
            TooManyError: there are as many as allowed.
        """
        check_name("reader", name)
        with self._lock:
            there = self._tray.readers.get(name)
            if there is not None:
                return self._check_same(there, interface)
            if len(self._tray.readers) >= READERS_MAX:
                raise TooManyError("readers", READERS_MAX)
            self._make_or_restore(name, interface)
            return True

    def remove_reader(self, name: str) -> None:
        """Let a reader disappear; a card in it falls out.

        Raises:
            UnknownNameError: it is not there.
            TrayError: it belongs to somebody else's pcscd.
        """
        usual = self._usual.times
        with self._move(name):
            self._tray.set_faults(name, None)
            self._tray.set_timing(name, usual.timing if usual else None)
            self._tray.take_reader_away(name)
            self._wishes.pop(name, None)
        self.conversations.forget(name)

    def put_card(
        self, reader: str, card: str, *, hold_s: float | None = None, into_empty: bool = False
    ) -> None:
        """Let ``card`` be in ``reader``, in place of what is there; with ``hold_s`` for so long.

        A card that is there already stays as it is, unless it is to be held. ``into_empty``: only
        if the reader is empty.

        Raises:
            UnknownNameError: no such reader or card.
            CardElsewhereError: the card is in another reader.
            ReaderFullError: the reader was to be empty.
            TrayError: the card does not power up, or is busy.
        """
        with self._move(reader) as place:
            there = place.card
            if there is not None and into_empty:
                raise ReaderFullError(reader)
            if there == card and hold_s is None:
                return
            self._take_from_hand(card, reader)
            if hold_s is None:
                self._tray.swap(card, reader)
            else:
                self._tray.remove(reader)
                self._tray.tap(card, reader, hold_s=hold_s)

    def remove_card(self, reader: str) -> str | None:
        """Take the card out; return its name, None if the reader was empty.

        Raises:
            UnknownNameError: no such reader.
        """
        self._reader(reader)
        return self._tray.remove(reader)

    def pull_after(self, reader: str, *, commands: int, during: bool) -> None:
        """Let the hand pull the card at its command number ``commands`` from now.

        Raises:
            UnknownNameError: no such reader.
        """
        self._reader(reader)
        self._tray.pull_after(reader, commands=commands, during=during)

    def set_faults(self, reader: str, plan: FaultPlan | None, *, name: str | None = None) -> None:
        """Put a plan in force, or end it with None.

        Raises:
            UnknownNameError: no such reader.
        """
        with self._move(reader):
            self._tray.set_faults(reader, plan)
            faults = None if plan is None else Faults(plan, name)
            self._wishes[reader] = replace(self._wishes_of(reader), faults=faults)

    def set_timing(self, reader: str, times: Times) -> None:
        """Let the next cards in ``reader`` be as slow as ``times`` says.

        Raises:
            UnknownNameError: no such reader.
        """
        with self._move(reader):
            self._tray.set_timing(reader, times.timing)
            self._wishes[reader] = replace(self._wishes_of(reader), times=times)

    def _take_from_hand(self, card: str, reader: str) -> None:
        self.cards.ensure(card)
        held = self._tray.cards.get(card)
        if held is not None and held.reader not in {None, reader}:
            raise CardElsewhereError(card, str(held.reader))

    def _make_or_restore(self, name: str, interface: Interface) -> None:
        try:
            self._tray.add_reader(name, interface=interface)
        except TrayError:
            # One of that name disappeared, and the tray keeps its name for its return.
            self._tray.restore_reader(name)
            try:
                self._check_same(self._reader(name), interface)
            except TrayError:
                self._tray.take_reader_away(name)
                raise

    def _check_same(self, reader: TrayReader, interface: Interface) -> bool:
        if reader.interface is not interface:
            raise TrayError(
                f"reader {reader.name!r} is {reader.interface.value}", remedy="choose another name"
            )
        return False

    @contextmanager
    def _move(self, reader: str) -> Iterator[TrayReader]:
        """One move of a reader at a time; names that are none leave nothing behind."""
        self._reader(reader)
        with self._moves[reader]:
            yield self._reader(reader)

    def _reader(self, name: str) -> TrayReader:
        reader = self._tray.readers.get(name)
        if reader is None:
            raise UnknownNameError("reader", name)
        return reader

    def _record(self, reader: TrayReader) -> ReaderRecord:
        address = reader.address
        return ReaderRecord(
            name=reader.name,
            interface=reader.interface,
            address=f"{address.host}:{address.port}" if address else None,
            card=reader.card,
            wishes=self._wishes_of(reader.name),
        )

    def _wishes_of(self, reader: str) -> Wishes:
        return self._wishes.get(reader, self._usual)
