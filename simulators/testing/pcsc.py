"""A reader that every PC/SC program of the test process sees, and no other process does."""

from typing import Final

from typing_extensions import override

from simulators.card import Interface
from simulators.reader import namespace
from simulators.testing.cards import PolicyCard
from simulators.testing.presence import wait_for_card
from simulators.testing.readers import CardReader
from simulators.tray import Tray, TrayError
from simulators.tray.service import OwnService

PATIENCE_S: Final = 10.0  # pcscd looks at a virtual reader every 0.4 s
_UNSEEN: Final = "end the fault that hides it, or insert with wait=False"


class PcscService:
    """A pcscd of this process alone, for as long as its tests run.

    The thread that makes it, and all it starts later, move to a private mount namespace of their
    own: pytest's other processes have theirs, and the machine's pcscd is in neither.
    """

    def __init__(self) -> None:
        """Start it.

        Raises:
            ReaderSetupError: not permitted here, or pcscd or the driver is missing.
        """
        # Whoever started us may be in such a namespace too, with a pcscd in it.
        namespace.enter(fresh=True)
        self._service = OwnService(readers=1)

    @property
    def reader(self) -> str:
        """The reader's name, as PC/SC says it."""
        return next(iter(self._service.addresses))

    def attach(self, tray: Tray, *, interface: Interface) -> "PcscReader":
        """Return the reader as one of ``tray``, once PC/SC has seen the last card leave.

        Raises:
            TrayError: that takes too long.
        """
        if not wait_for_card(self.reader, present=False, timeout_s=PATIENCE_S):
            raise TrayError(
                "the reader is not free", remedy="take no card to it but by the test's own tray"
            )
        address = self._service.addresses[self.reader]
        tray.attach_pcsc_reader(self.reader, address.host, address.port, interface=interface)
        return PcscReader(tray, self.reader)

    def close(self) -> None:
        """Stop it. Harmless when repeated."""
        self._service.close()


class PcscReader(CardReader):
    """A reader of PC/SC. A card that was put in is seen by every program when the hand returns."""

    @override
    def insert(self, card: PolicyCard | str, *, wait: bool = True) -> None:
        """Put a card in, and ``wait`` until PC/SC tells of it, which takes up to 0.4 s.

        Raises:
            TrayError: the reader is full, the card is in another, or PC/SC does not see it.
        """
        super().insert(card)
        if wait and not wait_for_card(self.name, present=True, timeout_s=PATIENCE_S):
            raise TrayError("PC/SC does not see the card", remedy=_UNSEEN)

    @override
    def remove(self) -> str | None:
        """Pull the card out; return its name once PC/SC knows that it is gone, None if empty."""
        card = super().remove()
        if card is not None:
            wait_for_card(self.name, present=False, timeout_s=PATIENCE_S)
        return card

    @override
    def swap(self, card: PolicyCard | str) -> None:
        """Put a card in place of the one that is there; PC/SC tells of both changes.

        Raises:
            TrayError: as for ``insert``; the card that was there is out then.
        """
        self.remove()
        self.insert(card)
