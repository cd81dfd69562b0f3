"""The one seam between protocol and world: octets out, octets in."""

from typing import Protocol


class CardLink(Protocol):
    """A powered card, however reached: PC/SC reader, TCP, or a simulator in this process."""

    @property
    def atr(self) -> bytes:
        """Answer to reset, 2 to 33 octets as received; a hint, never an identity."""
        ...

    def exchange(self, command: bytes) -> bytes:
        """Send one encoded command APDU; return the encoded response, SW included.

        Raises:
            LinkError: the card or the reader is gone. A refusing card is not an error here.
        """
        ...

    def reset(self) -> bytes:
        """Warm-reset the card; return its ATR. Every session and security state is gone.

        Raises:
            LinkError: as for ``exchange``.
        """
        ...

    def close(self) -> None:
        """Let go of the card. Harmless when repeated, and when the card is gone."""
        ...
