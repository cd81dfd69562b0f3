"""The reader scheme ``sim:``: a software card in a reader of this process."""

from pathlib import Path
from typing import Final

from simulators.reader.card import Card
from simulators.reader.cards import CONTACT, INTERFACES, blank_card, load_card, zoo_card
from simulators.reader.inprocess import InProcessLink, InProcessReader

READER_NAME: Final = "Simulated reader"
ZOO: Final = "zoo/"
_INTERFACE: Final = "@"


class SimulatedLink:
    """A link whose reader and card live exactly as long as it does."""

    def __init__(self, reader: InProcessReader) -> None:
        self._reader = reader
        self._link: InProcessLink = reader.connect()
        self.exchange = self._link.exchange
        self.reset = self._link.reset

    @property
    def atr(self) -> bytes:
        """Answer to the latest reset, 2 to 33 octets."""
        return self._link.atr

    def close(self) -> None:
        """Take the card out, so that its memory is whole. Harmless when repeated."""
        self._link.close()
        self._reader.remove()


def open_reader(name: str) -> SimulatedLink:
    """Return a link to a card in a reader of its own.

    ``name`` is empty for a blank card, ``zoo/NAME`` for a card of the zoo, else a state file; with
    ``@contactless`` at its end the card is met over the air.

    Raises:
        ReaderSetupError: the file is missing or holds no card; ``remedy`` says what to do.
    """
    reader = InProcessReader(READER_NAME)
    reader.insert(_card(*_split(name)))
    return SimulatedLink(reader)


def _split(name: str) -> tuple[str, str]:
    what, mark, interface = name.rpartition(_INTERFACE)
    return (what, interface) if mark and interface in INTERFACES else (name, CONTACT)


def _card(what: str, interface: str) -> Card:
    if what.startswith(ZOO):
        return zoo_card(what.removeprefix(ZOO), interface=interface)
    return load_card(Path(what), interface=interface) if what else blank_card(interface=interface)
