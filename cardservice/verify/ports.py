"""What the desk's use cases need from outside."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from cardservice.domain.numbers import Enp
from cardservice.domain.proven_time import Moment
from cardservice.domain.register import RegisterAnswer
from cardservice.verify.examination import Examination

Clock = Callable[[], datetime]
Moments = Callable[[], Moment]
"""A clock that says how far it can be believed."""


class PresentedCard(Protocol):
    """A powered card at the desk; ``transport.link.CardLink`` is one."""

    @property
    def atr(self) -> bytes: ...

    def exchange(self, command: bytes) -> bytes: ...

    def reset(self) -> bytes: ...


class PolicyRegister(Protocol):
    """Knows which cards were issued for a policy."""

    def look_up(self, enp: Enp, *, card_number: int | None) -> RegisterAnswer | None:
        """Return what is known, or None when the register cannot be reached now.

        Args:
            enp: the policy asked about.
            card_number: the card's list number and index as one 48-bit integer, if known.
        """
        ...


class Examiner(Protocol):
    """Reads and judges one presented card; never raises for anything a card or reader did."""

    def examine(self, card: PresentedCard, *, can: str | None = None) -> Examination: ...


class DeskExaminer(Protocol):
    """The same for a desk, where a clerk may want to see the photo."""

    def examine(
        self, card: PresentedCard, *, can: str | None = None, photo: bool = False
    ) -> Examination: ...
