"""The one list of which cards and readers there are, and which card is where.

Everything here is short and under one lock, and what changes is told in the order of the changes.
"""

import threading
from collections.abc import Mapping
from types import MappingProxyType

from simulators.reader.card import Card
from simulators.tray.errors import TrayClosedError, TrayError, UnknownNameError
from simulators.tray.events import Bulletin, EventKind
from simulators.tray.places import HeldCard, Place, Stay, TrayCard, TrayReader
from simulators.tray.plastic import Plastic


class Register:
    """Cards and readers by name."""

    def __init__(self, bulletin: Bulletin) -> None:
        self._lock = threading.RLock()
        self._bulletin = bulletin
        self._places: dict[str, Place] = {}
        self._cards: dict[str, HeldCard] = {}
        self._closed = False

    def readers(self) -> Mapping[str, TrayReader]:
        """Return the readers that are there now."""
        with self._lock:
            there = {name: TrayReader(one) for name, one in self._places.items() if one.there}
        return MappingProxyType(there)

    def cards(self) -> Mapping[str, TrayCard]:
        """Return the cards."""
        with self._lock:
            return MappingProxyType({name: TrayCard(one) for name, one in self._cards.items()})

    def places(self) -> tuple[Place, ...]:
        """Return all readers, those that were taken away too."""
        with self._lock:
            return tuple(self._places.values())

    def close(self) -> bool:
        """Take nothing more in; return whether that is new."""
        with self._lock:
            was, self._closed = self._closed, True
            return not was

    def check_open(self) -> None:
        """Refuse what a closed tray cannot do.

        Raises:
            TrayClosedError: it is closed.
        """
        with self._lock:
            if self._closed:
                raise TrayClosedError

    def add_place(self, place: Place) -> None:
        """Take a reader in.

        Raises:
            TrayError: the name is taken, or the tray is closed.
        """
        with self._lock:
            self._check_new("reader", place.name, place.name in self._places)
            self._places[place.name] = place
            self._bulletin.publish(EventKind.READER_ADDED, place.name)

    def add_card(self, name: str, plastic: Plastic) -> None:
        """Take a card in.

        Raises:
            TrayError: the name or the card is there already, or the tray is closed.
        """
        with self._lock:
            self._check_new("card", name, name in self._cards)
            if any(_same(held.plastic, plastic) for held in self._cards.values()):
                raise TrayError(
                    "this card is in the tray under another name", remedy="use it by that name"
                )
            self._cards[name] = HeldCard(name, plastic)

    def discard_card(self, name: str) -> None:
        """Forget a card.

        Raises:
            TrayError: no such card, or it is in a reader.
        """
        with self._lock:
            held = self._card(name)
            if held.place is not None:
                raise TrayError(
                    f"card {name!r} is in {held.place.name!r}", remedy="remove it first"
                )
            del self._cards[name]

    def place(self, name: str, *, away: bool = False) -> Place:
        """Return a reader that is there; one that was taken away only when ``away``.

        Raises:
            TrayError: no such reader.
        """
        with self._lock:
            place = self._places.get(name)
            if place is None:
                raise UnknownNameError("reader", name)
            if not (place.there or away):
                raise TrayError(f"reader {name!r} has disappeared", remedy="restore it first")
            return place

    def enter(self, card: str, place: Place) -> Stay:
        """Assign ``card`` to ``place``: from here on no other reader gets it.

        Raises:
            TrayError: the tray is closed, no such card, it is elsewhere, or the reader is full.
        """
        with self._lock:
            self.check_open()
            if not place.there:
                raise TrayError(f"reader {place.name!r} has disappeared", remedy="restore it first")
            held = self.check_free(card)
            if place.stay is not None:
                raise TrayError(f"a card is in {place.name!r}", remedy="remove it, or swap")
            held.place, place.stay = place, Stay(held)
            return place.stay

    def check_free(self, card: str, *, besides: Place | None = None) -> HeldCard:
        """Return a card that is in no reader, or in that one.

        Raises:
            TrayError: no such card, or it is elsewhere.
        """
        with self._lock:
            held = self._card(card)
            if held.place is not None and held.place is not besides:
                raise _elsewhere(held, held.place)
            return held

    def publish(self, kind: EventKind, place: Place, detail: str = "") -> None:
        """Tell what happened in a reader, with the card that is in it."""
        with self._lock:
            card = place.stay.card.name if place.stay else None
            self._bulletin.publish(kind, place.name, card, detail)

    def went_out(self, place: Place, card: Card) -> None:
        """Note that the slot let go of ``card``; harmless when it was noted before."""
        with self._lock:
            stay = place.stay
            if stay is not None and stay.hand is card:
                self.leave(place, stay, stay.hand.farewell)

    def leave(self, place: Place, stay: Stay, detail: str = "", *, silently: bool = False) -> None:
        """Free the reader and the card; harmless when that has happened."""
        with self._lock:
            if place.stay is not stay:
                return
            if not silently:
                self.publish(EventKind.REMOVED, place, detail)
            place.stay = stay.card.place = None
            place.order.forget()

    def set_there(self, place: Place, *, there: bool, detail: str = "") -> None:
        """Let a reader disappear, or come back."""
        with self._lock:
            if place.there is not there:
                place.there = there
                kind = EventKind.READER_ADDED if there else EventKind.READER_GONE
                self._bulletin.publish(kind, place.name, None, detail)

    def _card(self, name: str) -> HeldCard:
        if name not in self._cards:
            raise UnknownNameError("card", name)
        return self._cards[name]

    def _check_new(self, what: str, name: str, taken: bool) -> None:  # noqa: FBT001
        self.check_open()
        if taken:
            raise TrayError(f"there is a {what} {name!r} already", remedy="choose another name")


def _same(one: Plastic, other: Plastic) -> bool:
    return one is other or (one.memory is not None and one.memory is other.memory)


def _elsewhere(held: HeldCard, place: Place) -> TrayError:
    return TrayError(f"card {held.name!r} is in {place.name!r}", remedy="remove it first")
