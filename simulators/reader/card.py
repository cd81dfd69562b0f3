"""What a reader needs of a card: five members, octets in and octets out."""

from typing import Protocol


class Card(Protocol):
    """A card as its contacts show it; no reader knows what is inside."""

    @property
    def atr(self) -> bytes:
        """Answer to reset, 2 to 33 octets; the same whether the card is powered or not."""
        ...

    def power_up(self) -> bytes:
        """Give the card power; return its ATR. Volatile state starts afresh."""
        ...

    def power_down(self) -> None:
        """Take the power away. Harmless when there is none."""
        ...

    def reset(self) -> bytes:
        """Warm-reset the card; return its ATR. Sessions and security state are gone."""
        ...

    def execute(self, command: bytes) -> bytes:
        """Return the response to one encoded command APDU, SW included, at least 2 octets.

        A card that raises has stopped answering: readers treat it as pulled out. Two errors say
        more: ``CardPulledError`` (it leaves, perhaps with a last answer) and ``CardSilentError``
        (it stays).
        """
        ...
