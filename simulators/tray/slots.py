"""The two kinds of slots a tray's reader can have: in this process, and of PC/SC's driver."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from simulators.reader.card import Card
from simulators.reader.inprocess import InProcessLink, InProcessReader
from simulators.reader.vpcd import VirtualReaderSlot
from simulators.tray.errors import TrayError

CardOut = Callable[[Card], None]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a card connects to be in a slot of the virtual reader driver."""

    host: str
    port: int


class Slot(Protocol):
    """What the tray needs of a reader's slot."""

    @property
    def address(self) -> Address | None:
        """Where the driver listens; None for a reader of this process."""
        ...

    def insert(self, card: Card, *, announced: bool) -> None:
        """Put ``card`` in; not ``announced``, so that no terminal is told."""
        ...

    def remove(self) -> None:
        """Take out whatever is in. Harmless when empty."""
        ...

    def connect(self) -> InProcessLink:
        """Return a link to the card.

        Raises:
            TrayError: it is reached by PC/SC only.
        """
        ...

    def wait_until_noticed(self, timeout_s: float) -> bool:
        """Return whether a terminal can see the card that is in, waiting at most that long."""
        ...


class SlotHere:
    """A slot of this process."""

    address: Address | None = None

    def __init__(self, name: str, on_out: CardOut) -> None:
        self.reader = InProcessReader(name, on_out=on_out)
        self.remove = self.reader.remove
        self.connect = self.reader.connect

    def insert(self, card: Card, *, announced: bool) -> None:
        """Put ``card`` in and power it."""
        self.reader.insert(card, announced=announced)

    def wait_until_noticed(self, timeout_s: float) -> bool:  # noqa: ARG002 - it is seen at once
        """Return whether a card is in."""
        return self.reader.occupied


class SlotOfPcsc:
    """A slot of the virtual reader driver."""

    def __init__(self, address: Address, on_out: CardOut) -> None:
        self.address: Address | None = address
        self._slot = VirtualReaderSlot(address.host, address.port, on_out=on_out)
        self._on_out = on_out
        self._unseen: Card | None = None

    def insert(self, card: Card, *, announced: bool) -> None:
        """Put ``card`` in; PC/SC sees it within about 0.4 s.

        The driver polls: what it must not see, it must not be connected to. Such a card has no
        power and is without effect until it is inserted once more.
        """
        if announced:
            self._slot.insert(card)
        else:
            self._unseen = card

    def remove(self) -> None:
        """Take out whatever is in. Harmless when empty."""
        self._slot.remove()
        unseen, self._unseen = self._unseen, None
        if unseen is not None:
            unseen.power_down()
            self._on_out(unseen)

    def wait_until_noticed(self, timeout_s: float) -> bool:
        """Return whether pcscd has spoken to the card."""
        return self._unseen is None and self._slot.wait_until_noticed(timeout_s)

    def connect(self) -> InProcessLink:
        """Refuse: such a card is reached by PC/SC.

        Raises:
            TrayError: always.
        """
        raise TrayError("this reader is one of PC/SC", remedy="connect to it through PC/SC")
