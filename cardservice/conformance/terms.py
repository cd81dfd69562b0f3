"""Words of the pack: what a case stands on, what it does to the card, how it came out."""

from enum import IntEnum, StrEnum, unique
from typing import Final


@unique
class Group(StrEnum):
    """Groups of cases by the prefix of their numbers, in the order in which they run."""

    FL = "field layer"
    SC = "SCP03"
    PA = "PACE"
    SM = "secure messaging"
    CA = "chip authentication"
    AT = "access table"
    CM = "commands and status words"
    LC = "life cycle"
    AM = "atomicity"
    TA = "terminal authentication"


@unique
class Stage(StrEnum):
    """How far a card's life has come, in order (card.md 6)."""

    BLANK = "blank"
    KEYED = "blank, issuer's keys"
    CHIP_KEY = "blank, chip key made"
    FILLED = "blank, data stored"
    PERSONALIZED = "personalized"
    BLOCKED = "blocked"
    UNBLOCKED = "personalized, unblocked"
    TERMINATED = "terminated"

    @property
    def order(self) -> int:
        """Position in a card's life, from 0."""
        return tuple(Stage).index(self)


ANY_STAGE: Final = frozenset({Stage.BLANK, Stage.PERSONALIZED})
"""For what holds in every state: tried on a new card and on one in use."""


@unique
class Interface(StrEnum):
    """Which reader the card is presented to; only the person who presents it knows."""

    CONTACT = "contact"
    CONTACTLESS = "contactless"


@unique
class Where(StrEnum):
    """On which presentation a case says something."""

    ANYWHERE = "contact and contactless"
    CONTACT = "contact"
    CONTACTLESS = "contactless"
    OPEN = "where reading needs no right"
    GUARDED = "where reading needs a right"
    ONCE = "the first reader only"


@unique
class Effect(IntEnum):
    """What a case leaves behind; the run is told how much of it is allowed."""

    KEEPS = 0
    WRITES = 1
    DESTROYS = 2


@unique
class Need(StrEnum):
    """What must be known to run a case."""

    CAN = "the CAN"
    READING = "the CAN, without which nothing is read here"
    CHIP = "the CAN, without which the chip does not show itself"
    PIN = "the PIN"
    PUK = "the PUK"
    KEYS = "the keys of the SCP03 key set"
    AUTHORITY = "the keys of the card's trust point"
    SCRATCH = "a card that this run has personalized"


@unique
class Outcome(StrEnum):
    """How a case came out."""

    HELD = "held"
    FAILED = "failed"
    NOT_RUN = "not run"


class CaseFailedError(Exception):
    """The card did not do what its contract says; the message quotes no secret."""
