"""The reader scheme ``sim:``: a software card in a reader of this process."""

from pathlib import Path

from simulators.reader.cards import blank_card, load_card
from simulators.reader.inprocess import InProcessLink, InProcessReader

READER_NAME = "Simulated reader"


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
    """Return a link to a blank card (empty ``name``), or to the card of the state file ``name``.

    Raises:
        ReaderSetupError: the file is missing or holds no card; ``remedy`` says what to do.
    """
    reader = InProcessReader(READER_NAME)
    reader.insert(load_card(Path(name)) if name else blank_card())
    return SimulatedLink(reader)
