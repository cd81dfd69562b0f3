"""What the page asks of simulated readers, when the service runs with some."""

from collections.abc import Sequence
from typing import Protocol


class Demonstration(Protocol):
    """Simulated cards that a visitor can put on simulated readers."""

    def cards(self) -> Sequence[tuple[str, str]]:
        """Return each card as its id and its title, an English text or a key of the catalogs."""
        ...

    def printed(self, card_id: str) -> str | None:
        """Return the six digits printed on that card, None if nobody needs to type them."""
        ...

    def tap(self, card_id: str, reader: str) -> None:
        """Put that card on that reader, in place of the one that lies there.

        Raises:
            Refusal: there is no such card or reader.
        """
        ...

    def lift(self, reader: str) -> None:
        """Take the card away; harmless when there is none.

        Raises:
            Refusal: there is no such reader.
        """
        ...
