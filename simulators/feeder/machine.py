"""The machine: feeds a card into its reader, takes it out to the good or to the bad ones."""

import threading
from pathlib import Path
from typing import Final, Protocol

from simulators.card import Interface
from simulators.feeder.faults import FeederFault, FeederFaultError
from simulators.feeder.hopper import HopperFolder, open_memory
from simulators.models.timing import timed
from simulators.reader import Card
from simulators.tray.plastic import SoftwarePlastic

GOOD: Final = "good"
ERROR: Final = "error"
READER: Final = "reader"


class Slot(Protocol):
    """Any reader that cards are put into: in this process, or PC/SC's virtual one."""

    @property
    def occupied(self) -> bool: ...

    def insert(self, card: Card) -> object: ...

    def remove(self) -> None: ...


class FeederMachine:
    """A machine over a folder, at one reader. Its calls may come from several threads.

    A card that lay in the reader when the process before was ended lies there still.
    """

    def __init__(
        self, place: HopperFolder, slot: Slot, *, interface: Interface = Interface.CONTACT
    ) -> None:
        """Take the machine over."""
        self._place = place
        self._slot = slot
        self._interface = interface
        self._timing = place.hopper.timing
        self._lock = threading.Lock()

    @property
    def card(self) -> Path | None:
        """The file of the card in the reader, None: it is empty."""
        return next(iter(self._place.cards_in(READER)), None)

    def get_card(self) -> bool:
        """Return True once a card is in the reader, False: the hopper is empty.

        Raises:
            FeederFaultError: the machine stopped; it may be asked again.
        """
        with self._lock:
            card = self.card or self._feed()
            if card is None:
                return False
            if not self._slot.occupied:
                self._slot.insert(self._powered(card))
            return True

    def done(self) -> None:
        """Take the card to the good ones. Harmless without one."""
        self._take(GOOD)

    def error_bin(self) -> None:
        """Take the card to the bad ones. Harmless without one."""
        self._take(ERROR)

    def close(self) -> None:
        """Take the power from the card, which stays in the reader, and let go of the folder."""
        with self._lock:
            self._slot.remove()
            self._place.close()

    def _take(self, bin_: str) -> None:
        with self._lock:
            card = self.card
            self._slot.remove()
            if card is not None:
                self._place.move(card, bin_)

    def _feed(self) -> Path | None:
        # Ends: each turn takes a card out of the hopper, which has an end, or returns or raises.
        while self._place.left:
            fault = self._place.hopper.faults.of(self._place.taken)
            if fault is FeederFault.JAM and self._place.cleared != self._place.taken:
                self._place.clear()
                raise FeederFaultError(fault)
            if fault is FeederFault.DOUBLE_FEED:
                self._throw_two(fault)
            if fault is not FeederFault.SKIP:
                return self._place.take_out(READER)
            self._place.take_out(GOOD)
        return None

    def _throw_two(self, fault: FeederFault) -> None:
        for _ in range(min(2, self._place.left)):
            self._place.take_out(ERROR)
        raise FeederFaultError(fault)

    def _powered(self, card: Path) -> Card:
        return timed(SoftwarePlastic(open_memory(card)), self._interface, self._timing)
