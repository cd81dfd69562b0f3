"""A reader of a test, and the hand at it."""

from simulators.card import Interface
from simulators.models.clock import NS_A_SECOND
from simulators.reader.inprocess import InProcessLink
from simulators.testing.cards import PolicyCard
from simulators.testing.markers import plan_of
from simulators.tray import Tray


class CardReader:
    """A reader in this process, with what a hand does at it. ``tray`` has everything else."""

    def __init__(self, tray: Tray, name: str) -> None:
        self.tray = tray
        self.name = name
        self._earlier = self._latest = 0.0

    @property
    def interface(self) -> Interface:
        """How cards are reached in it."""
        return self.tray.readers[self.name].interface

    @property
    def card(self) -> str | None:
        """The name of the card in it, None when it is empty."""
        return self.tray.readers[self.name].card

    def insert(self, card: PolicyCard | str) -> None:
        """Put a card in.

        Raises:
            TrayError: the reader is full, the card is in another, or it does not power up.
        """
        self.tray.insert(_name_of(card), self.name)

    def remove(self) -> str | None:
        """Pull the card out, whatever it does; return its name, None if there is none."""
        return self.tray.remove(self.name)

    def swap(self, card: PolicyCard | str) -> None:
        """Put a card in place of the one that is there.

        Raises:
            TrayError: as for ``insert``.
        """
        self.tray.swap(_name_of(card), self.name)

    def tap(self, card: PolicyCard | str, *, hold_s: float) -> None:
        """Put a card in, and take it out by itself ``hold_s`` seconds later. Returns at once.

        Raises:
            TrayError: as for ``insert``.
        """
        self.tray.tap(_name_of(card), self.name, hold_s=hold_s)

    def pull_after(self, *, commands: int, during: bool = False) -> None:
        """Pull the card with its command number ``commands`` from now, 1 being the next.

        ``during``, the card acts on that command and its answer never arrives.
        """
        self.tray.pull_after(self.name, commands=commands, during=during)

    def set_faults(self, plan: object) -> None:
        """Let things go wrong from now on; None ends it.

        ``plan`` is a plan, its mapping, its file, or a ready one's name.

        Raises:
            ReaderSetupError: it is no plan.
        """
        self.tray.set_faults(self.name, None if plan is None else plan_of(plan))

    def connect(self) -> InProcessLink:
        """Return the one link to the card: ``atr``, ``exchange``, ``reset``, ``close``.

        Raises:
            CardGoneError: the reader is empty.
            ReaderBusyError: another link is open.
        """
        return self.tray.connect(self.name)

    def clock(self) -> float:
        """Return the seconds that cards in it have taken so far, as the test's time model says.

        It never goes back, so that a program under test may take it for its own clock.
        """
        reader = self.tray.readers.get(self.name)
        spent = reader.time_spent if reader else None
        seconds = spent.total_ns / NS_A_SECOND if spent else 0.0
        # A card that is inserted again begins anew.
        if seconds < self._latest:
            self._earlier += self._latest
        self._latest = seconds
        return self._earlier + seconds


def _name_of(card: PolicyCard | str) -> str:
    return card if isinstance(card, str) else card.name
