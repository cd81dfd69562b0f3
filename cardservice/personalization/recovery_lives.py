"""Where a card and an order stand, and what the station says of a card that stands there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Final


@unique
class Standing(StrEnum):
    """How far the journal saw a chip come."""

    SEEN = "seen"
    KEYED = "keyed"
    KEY_MADE = "key-made"
    STORED = "stored"
    FINALIZED = "finalized"
    VERIFIED = "verified"
    MADE = "made"
    SPOILED = "spoiled"
    ENDED = "ended"


@unique
class Verdict(StrEnum):
    """What the station says of a card after a crash."""

    MADE = "made"
    TO_BE_FINISHED = "to-be-finished"
    LOOK = "look-at-the-card"
    SPOILED = "spoiled"


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict, and what is needed to go on, a sentence."""

    verdict: Verdict
    need: str


_ANY_ORDER = "Put the card back, for this order or another."
_CHECK = "Put the card back with its order: it gets new secrets and is checked."
FINDINGS: Final[Mapping[Standing, Finding]] = {
    Standing.SEEN: Finding(Verdict.TO_BE_FINISHED, _ANY_ORDER),
    Standing.KEYED: Finding(Verdict.TO_BE_FINISHED, _ANY_ORDER),
    Standing.KEY_MADE: Finding(Verdict.TO_BE_FINISHED, _ANY_ORDER),
    Standing.STORED: Finding(
        Verdict.LOOK, "Put the card back with its order: it is blank, or personalized already."
    ),
    Standing.FINALIZED: Finding(Verdict.TO_BE_FINISHED, _CHECK),
    Standing.VERIFIED: Finding(Verdict.TO_BE_FINISHED, _CHECK),
    Standing.MADE: Finding(Verdict.MADE, "Nothing."),
    Standing.SPOILED: Finding(
        Verdict.SPOILED, "Put the card in once more to end its chip, or destroy it."
    ),
    Standing.ENDED: Finding(Verdict.SPOILED, "Nothing."),
}

HOLDS_ORDER: Final = frozenset(
    {Standing.STORED, Standing.FINALIZED, Standing.VERIFIED, Standing.MADE}
)
"""A card here is, or may be, a personalized card for its order: no other may be made for it."""

CLOSED: Final = frozenset({Standing.MADE, Standing.SPOILED, Standing.ENDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLife:
    """One chip.

    Attributes:
        chip: its serial number, 8 octets.
        order: whose data it holds, or held; None before any were stored.
        number: place in the status list of those data.
        signed_at: signing time of those data.
        point: public key of the chip, 65 octets; None too once it is made and told of.
        reported: its outcome was told of.
        sequence: of the last entry about it.
    """

    chip: bytes
    standing: Standing
    order: str | None = None
    number: int | None = None
    signed_at: datetime | None = None
    point: bytes | None = None
    reason: str | None = None
    reported: bool = False
    sequence: int = 0

    @property
    def finding(self) -> Finding:
        """Return what to say of the card."""
        return FINDINGS[self.standing]

    @property
    def is_open(self) -> bool:
        """Say whether it is neither made nor spoiled."""
        return self.standing not in CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLife:
    """One order that the station began.

    Attributes:
        number: the place in the status list it was begun with last.
        chip: the card that holds it; None: the order is free to be made.
        is_made: that card counts as made.
    """

    order: str
    number: int
    chip: bytes | None = None
    is_made: bool = False
