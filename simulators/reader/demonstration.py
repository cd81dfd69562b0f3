"""Readers of this process and a drawer of cards for a demonstration; reached by entry point."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from simulators.card import Interface, SoftwareCard, blank_card
from simulators.card.field import FieldCard
from simulators.card.files import Directory
from simulators.card.foreign import BankCard
from simulators.card.tampering import clone_without_chip_key, copy_of, replace_file
from simulators.reader.card import Card
from simulators.reader.entry import SimulatedLink
from simulators.reader.inprocess import InProcessReader

WORKBENCH = "Workbench"
OWNER_ID = 0x0201


class DemonstrationTray:
    """Readers named ``names``, and cards known by the names their owner gives them."""

    def __init__(self, *, names: Sequence[str]) -> None:
        self.readers = {name: InProcessReader(name) for name in names}
        self._cards: dict[str, Card] = {}

    def add_blank(self, card_id: str) -> None:
        """Put a new blank card into the drawer."""
        self._cards[card_id] = blank_card()

    def add_copy(self, card_id: str, of: str) -> None:
        """Put in a copy of the software card ``of``: its files, another chip key."""
        self._cards[card_id] = clone_without_chip_key(self._software(of))

    def add_contactless(self, card_id: str, of: str) -> None:
        """Put in the card ``of`` as a contactless reader meets it."""
        self._cards[card_id] = copy_of(self._software(of), interface=Interface.CONTACTLESS)

    def add_altered(self, card_id: str, of: str, *, owner: bytes) -> None:
        """Put in a card that is ``of`` in everything but its owner file."""
        altered = copy_of(self._software(of))
        replace_file(altered, Directory.FOMS_ID, OWNER_ID, owner)
        self._cards[card_id] = altered

    def add_field(
        self, card_id: str, *, owner: bytes, insurers: Mapping[int, bytes], pointer: int
    ) -> None:
        """Put in a card as people's wallets have it, without the trust layer."""
        self._cards[card_id] = FieldCard(owner=owner, insurers=insurers, pointer=pointer)

    def add_bank(self, card_id: str) -> None:
        """Put in a card that is no policy."""
        self._cards[card_id] = BankCard()

    def workbench(self, card_id: str) -> SimulatedLink:
        """Return a link to a card in a reader nobody else sees; close it to put the card back."""
        reader = InProcessReader(WORKBENCH)
        reader.insert(self._cards[card_id])
        return SimulatedLink(reader)

    def insert(self, card_id: str, reader: str) -> None:
        """Move a card from wherever it is into ``reader``, in place of the one in it."""
        card = self._cards[card_id]
        for other in self.readers.values():
            if other.occupied:
                other.remove()
        self.readers[reader].insert(card)

    def remove(self, reader: str) -> None:
        """Take the card out of ``reader``. Harmless when there is none."""
        if self.readers[reader].occupied:
            self.readers[reader].remove()

    def _software(self, card_id: str) -> SoftwareCard:
        return cast("SoftwareCard", cast("Any", self._cards[card_id]))
