"""The registry hears what became of cards, now or when it answers again."""

from collections.abc import Sequence
from typing import Final, Protocol

from cardservice.personalization.floor_reactions import fault_code
from cardservice.personalization.telling import RefusedOutcome

RETRY_S: Final = 10.0
IDLE_S: Final = 60.0
"""A teller that was not woken looks all the same: nothing may be forgotten for good."""


class Teller(Protocol):
    """Who tells the source of outcomes; see ``telling.Reporter``."""

    @property
    def untold(self) -> int:
        """Return how many outcomes wait to be told of."""
        ...

    @property
    def refused(self) -> Sequence[RefusedOutcome]:
        """Return what the source does not take; a person has to look."""
        ...

    def tell_all(self) -> object:
        """Tell of every outcome that was not told of, the oldest first.

        Raises:
            SourceUnavailableError: the rest is told the next time.
        """
        ...


class Telling:
    """Tells when there is something to tell. ``tick`` is called by one thread.

    Attributes:
        code: why it could not be told; empty: all was.
        untold: outcomes the source does not know yet, as of the last look.
    """

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self.code = ""
        self.untold = teller.untold

    @property
    def refused(self) -> Sequence[RefusedOutcome]:
        """Return what the source does not take; a person has to look."""
        return self._teller.refused

    def tick(self) -> float:
        """Tell; return seconds until it is to be tried again unasked."""
        try:
            self._teller.tell_all()
        except Exception as error:  # noqa: BLE001 - what is not told is to be seen
            self.code = fault_code(error)
        else:
            self.code = ""
        self.untold = self._teller.untold
        return RETRY_S if self.code else IDLE_S

    def added(self) -> None:
        """Count one more outcome; exact again after the next ``tick``."""
        self.untold += 1
