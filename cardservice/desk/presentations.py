"""One card presented at a desk, as it is reported to the service: no name, no policy number."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from uuid import UUID

from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.verdict import Outcome


@unique
class BearerCheck(StrEnum):
    """How the clerk made sure that this is the holder; the chip never says so."""

    PHOTO = "photo"
    BIRTH_DATE = "birth-date"
    NOT_THE_HOLDER = "not-the-holder"


@unique
class Substitute(StrEnum):
    """Why the register was asked instead of a chip."""

    CARD_UNREADABLE = "card-unreadable"
    CARD_FORGOTTEN = "card-forgotten"
    READER_BROKEN = "reader-broken"
    CARD_INVALID = "card-invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """What a desk tells of one card.

    Attributes:
        id: drawn at the desk; the same one is taken once.
        at: when, as ``grade`` has it; UTC.
        outcome: of the verdict; None: there was none.
        reason: code of the check that decided, or of the problem.
        card_number: list number and index of EF.CardID as one integer, below 2^48; None: unread,
            or not proved by the card's signature.
        offline: the service could not be reached then.
        wrong_numbers: CANs typed at this presentation that were not the card's.
        bearer: None: the clerk did not say.
        substitute: why the register was asked instead; None: it was not.
    """

    id: UUID
    at: datetime
    grade: TimeGrade
    outcome: Outcome | None
    reason: str
    card_number: int | None = field(default=None, repr=False)
    offline: bool = False
    wrong_numbers: int = 0
    bearer: BearerCheck | None = None
    substitute: Substitute | None = None


Report = Callable[[Presentation], None]
"""Takes a presentation to be told to the service, now or later; never raises, never waits."""
