"""Where the cards of a tray are: each in one reader, or in no reader."""

import threading
from dataclasses import dataclass, field

from simulators.card import Interface
from simulators.faults import FaultRun
from simulators.models.clock import Split
from simulators.models.timing import Timing
from simulators.reader.inprocess import InProcessReader
from simulators.tray.hand import PresentedCard, PullOrder
from simulators.tray.layers import Layers, Trace
from simulators.tray.plastic import Plastic
from simulators.tray.slots import Address, Slot, SlotHere


@dataclass(slots=True, eq=False)
class HeldCard:
    """A card that the tray knows, and the lock under which anything is done to it."""

    name: str
    plastic: Plastic
    turn: threading.RLock = field(default_factory=threading.RLock)
    place: "Place | None" = None


@dataclass(slots=True, eq=False)
class Stay:
    """A card's time in a reader, from insertion to removal."""

    card: HeldCard
    left: threading.Event = field(default_factory=threading.Event)
    layers: Layers | None = None
    hand: PresentedCard | None = None
    shown: bool = False


@dataclass(slots=True, eq=False)
class Place:
    """A reader that the tray knows, what it was told about it, and the card in it."""

    name: str
    interface: Interface
    slot: Slot
    timing: Timing | None = None
    run: FaultRun | None = None
    trace: Trace | None = None
    lost_insertions: int = 0
    there: bool = True
    order: PullOrder = field(default_factory=PullOrder)
    # Held for a whole insertion or removal, so that each meets the reader as the last left it.
    busy: threading.RLock = field(default_factory=threading.RLock)
    stay: Stay | None = None


class TrayReader:
    """A reader as seen from outside: what it is, and which card is in it now."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @property
    def name(self) -> str:
        """Its name; for a reader of PC/SC as PC/SC says it."""
        return self._place.name

    @property
    def interface(self) -> Interface:
        """How cards are reached in it."""
        return self._place.interface

    @property
    def card(self) -> str | None:
        """The name of the card in it, None when it is empty."""
        stay = self._place.stay
        return stay.card.name if stay else None

    @property
    def time_spent(self) -> Split | None:
        """The modelled time that the card in it has taken so far; None when it is empty."""
        stay = self._place.stay
        return stay.layers.clock.spent if stay and stay.layers else None

    @property
    def address(self) -> Address | None:
        """Where the virtual reader driver listens; None for a reader of this process."""
        return self._place.slot.address

    @property
    def over_pcsc(self) -> bool:
        """Whether it is a reader of PC/SC."""
        return self.address is not None

    @property
    def in_process(self) -> InProcessReader | None:
        """The reader of this process, to wait at and to watch; None for one of PC/SC."""
        slot = self._place.slot
        return slot.reader if isinstance(slot, SlotHere) else None


class TrayCard:
    """A card as seen from outside: what it is, and which reader it is in now."""

    def __init__(self, held: HeldCard) -> None:
        self._held = held

    @property
    def name(self) -> str:
        """Its name in the tray."""
        return self._held.name

    @property
    def plastic(self) -> Plastic:
        """The card itself; its memory is the same in every reader."""
        return self._held.plastic

    @property
    def reader(self) -> str | None:
        """The name of the reader it is in, None when it is in none."""
        place = self._held.place
        return place.name if place else None
