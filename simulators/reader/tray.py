"""Trays: readers with software cards to move in and out, as other programs ask for them.

Reached through the entry points ``cardservice.trays``; only octets and names cross that line.
"""

from typing import Any, Self

from simulators.reader import namespace
from simulators.reader.cards import blank_card
from simulators.reader.daemon import PrivatePcscd
from simulators.reader.vpcd import VirtualReaderSlot


class VirtualTray:
    """Virtual PC/SC readers on a pcscd of our own, apart from the system's.

    Making one moves this thread, and those it starts later, to a private mount namespace.

    Raises:
        ReaderSetupError: not root, or pcscd or the driver is missing.
    """

    def __init__(self, *, readers: int) -> None:
        namespace.enter()
        self._daemon = PrivatePcscd(readers=readers)
        self._daemon.start()
        self._slots = {
            slot.name: VirtualReaderSlot(slot.host, slot.port)
            for slot in self._daemon.slots[:readers]
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def readers(self) -> tuple[str, ...]:
        """The readers' PC/SC names."""
        return tuple(self._slots)

    def insert_blank(self, reader: str) -> None:
        """Put a new blank card into ``reader``, in place of the one in it."""
        self.insert(reader, blank_card())

    def insert(self, reader: str, card: Any) -> None:
        """Put ``card`` into ``reader``, in place of the one in it."""
        self._slots[reader].remove()
        self._slots[reader].insert(card)

    def remove(self, reader: str) -> None:
        """Take the card out of ``reader``. Harmless when there is none."""
        self._slots[reader].remove()

    def close(self) -> None:
        """Take all cards out and stop the daemon. Harmless when repeated."""
        for slot in self._slots.values():
            slot.remove()
        self._daemon.close()
