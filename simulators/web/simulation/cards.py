"""Cards known by name: those in the tray, and those of the zoo that nobody has used yet."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from simulators.card import NonVolatileMemory, blank_card
from simulators.card.state_form import encode_cells
from simulators.tray import Plastic, SoftwarePlastic, Tray, UnknownNameError
from simulators.web.simulation.errors import CardElsewhereError, NoImageError, TooManyError
from simulators.web.simulation.images import cells_of
from simulators.web.simulation.names import check_name
from simulators.web.simulation.zoo import CatalogueOnDemand

if TYPE_CHECKING:
    from simulators.zoo import ZooEntry

CARDS_MAX: Final = 2_000


class CardKind(StrEnum):
    """Where a card comes from."""

    BLANK = "blank"
    ZOO = "zoo"
    IMAGE = "image"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRecord:
    """A card as it is offered.

    Attributes:
        entry: what the zoo says of it.
        can: the number printed on it, fictional; None where it is not known.
        reader: the reader it is in.
        made: whether it is in the tray yet; a card of the zoo is made at its first use.
        has_image: whether it has a memory to save and to show.
    """

    name: str
    kind: CardKind
    entry: "ZooEntry | None" = None
    can: str | None = None
    reader: str | None = None
    made: bool = True
    has_image: bool = True


@dataclass(frozen=True, slots=True)
class _Origin:
    kind: CardKind
    entry: "ZooEntry | None" = None
    can: str | None = None


class Cards:
    """The cards of a tray and where each comes from."""

    def __init__(self, tray: Tray, zoo: CatalogueOnDemand) -> None:
        self._tray = tray
        self._zoo = zoo
        self._lock = threading.RLock()
        self._origins: dict[str, _Origin] = {}

    def listed(self) -> tuple[CardRecord, ...]:
        """Return the cards that are not of the zoo by their names, then the zoo in its order."""
        entries = self._zoo.entries
        own = [name for name in self._tray.cards if name not in entries]
        found = (self._record(name) or _waiting(entries.get(name)) for name in (*own, *entries))
        return tuple(one for one in found if one is not None)

    def record(self, name: str) -> CardRecord:
        """Return the card of that name; one of the zoo is made.

        Raises:
            UnknownNameError: there is none.
        """
        self.ensure(name)
        found = self._record(name)
        if found is None:
            raise UnknownNameError("card", name)
        return found

    def ensure(self, name: str) -> None:
        """Return once the card is in the tray; one of the zoo is made now.

        Raises:
            UnknownNameError: neither tray nor zoo has it.
            ReaderSetupError: the zoo cannot make it here.
        """
        with self._lock:
            if name in self._tray.cards:
                return
            if name not in self._zoo.entries:
                raise UnknownNameError("card", name)
            self._put_zoo(name, name)

    def put_blank(self, name: str) -> bool:
        """Make a blank card of that name, in place of one in no reader; return whether it is new.

        Raises:
            RefusedNameError: no card may be called that.
            CardElsewhereError: the card of that name is in a reader.
        """
        with self._lock:
            return self._put(name, SoftwarePlastic(blank_card().memory), _Origin(CardKind.BLANK))

    def put_zoo(self, name: str, entry: str) -> bool:
        """Make a card of a zoo entry, otherwise as ``put_blank``.

        Raises:
            UnknownNameError: the zoo has no such entry.
        """
        with self._lock:
            if entry not in self._zoo.entries:
                raise UnknownNameError("card of the zoo", entry)
            return self._put_zoo(name, entry)

    def put_image(self, name: str, image: object) -> bool:
        """Make a card from the content of a state file, otherwise as ``put_blank``.

        Raises:
            RefusedImageError: it holds no card.
        """
        plastic = SoftwarePlastic(NonVolatileMemory(cells_of(image)))
        with self._lock:
            return self._put(name, plastic, _Origin(CardKind.IMAGE))

    def put_plastic(self, name: str, plastic: Plastic) -> bool:
        """Take in a card whose memory is a file, otherwise as ``put_blank``."""
        with self._lock:
            return self._put(name, plastic, _Origin(CardKind.FILE))

    def discard(self, name: str) -> None:
        """Forget a card that is in no reader; one of the zoo is made afresh at its next use.

        Raises:
            UnknownNameError: no such card in the tray.
            CardElsewhereError: it is in a reader.
        """
        with self._lock:
            self._check_in_hand(name)
            self._tray.discard_card(name)
            self._origins.pop(name, None)

    def cells(self, name: str) -> Mapping[str, bytes]:
        """Return the memory of a card as it is now.

        Raises:
            UnknownNameError: no such card.
            NoImageError: it has none.
        """
        self.ensure(name)
        held = self._tray.cards.get(name)
        if held is None:
            raise UnknownNameError("card", name)
        if held.plastic.memory is None:
            raise NoImageError(name)
        return held.plastic.memory.cells()

    def image(self, name: str) -> bytes:
        """Return the state file of a card as it is now; raises as ``cells``."""
        return encode_cells(self.cells(name))

    def _record(self, name: str) -> CardRecord | None:
        held, origin = self._tray.cards.get(name), self._origins.get(name)
        if held is None:
            return None
        origin = origin or _Origin(CardKind.FILE)
        return CardRecord(
            name=name,
            kind=origin.kind,
            entry=origin.entry,
            can=origin.can,
            reader=held.reader,
            has_image=held.plastic.memory is not None,
        )

    def _put_zoo(self, name: str, entry: str) -> bool:
        plastic, can = self._zoo.card(entry)
        return self._put(name, plastic, _Origin(CardKind.ZOO, self._zoo.entries[entry], can))

    def _put(self, name: str, plastic: Plastic, origin: _Origin) -> bool:
        check_name("card", name)
        is_new = name not in self._tray.cards
        if is_new and len(self._tray.cards) >= CARDS_MAX:
            raise TooManyError("cards", CARDS_MAX)
        if not is_new:
            self._check_in_hand(name)
            self._tray.discard_card(name)
        self._tray.add_card(name, plastic)
        self._origins[name] = origin
        return is_new

    def _check_in_hand(self, name: str) -> None:
        held = self._tray.cards.get(name)
        if held is None:
            raise UnknownNameError("card", name)
        if held.reader is not None:
            raise CardElsewhereError(name, held.reader)


def _waiting(entry: "ZooEntry | None") -> CardRecord | None:
    """Return a card that is made at its first use; None where there is no entry."""
    if entry is None:
        return None
    return CardRecord(
        name=entry.name, kind=CardKind.ZOO, entry=entry, made=False, has_image=entry.has_image
    )
