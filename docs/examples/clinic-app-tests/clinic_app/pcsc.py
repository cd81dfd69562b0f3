"""The card in a reader of PC/SC."""

from smartcard.scard import SCARD_RESET_CARD
from smartcard.System import readers


class PcscCard:
    """What the rest of the program needs of a card: octets to it, octets from it."""

    def __init__(self, reader: str) -> None:
        """Connect to the card in the reader of that name; an error of PC/SC if there is none."""
        self._connection = next(one for one in readers() if str(one) == reader).createConnection()
        self._connection.connect()

    @property
    def atr(self) -> bytes:
        """Its answer to reset."""
        return bytes(self._connection.getATR())

    def exchange(self, command: bytes) -> bytes:
        """Return the answer to one command, status word included."""
        data, sw1, sw2 = self._connection.transmit(list(command))
        return bytes((*data, sw1, sw2))

    def reset(self) -> bytes:
        """Reset the card and return its answer to that."""
        self._connection.reconnect(disposition=SCARD_RESET_CARD)
        return self.atr

    def close(self) -> None:
        """Let go of the card."""
        self._connection.disconnect()
