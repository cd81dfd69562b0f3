"""One card of the zoo: what it is, and what a desk must judge of it on each way to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from simulators.zoo.recipes import Foreign, InField, Recipe


@unique
class Way(StrEnum):
    """How the card is met, and what the desk has."""

    CONTACT = "contact"
    CONTACT_PHOTO = "contact, the photo asked for"
    CONTACT_ENROLLED = "contact, desk enrolled"
    CONTACT_CAN = "contact, CAN typed"
    TAP = "tap, desk enrolled"
    TAP_CAN = "tap, CAN typed"
    TAP_UNKNOWN = "tap, neither"


@unique
class Outcome(StrEnum):
    """What the desk comes to."""

    VALID = "valid"
    INVALID = "invalid"
    UNDECIDED = "undecided"
    NO_VERDICT = "no verdict"  # the card could not be read as a policy card


@dataclass(frozen=True, slots=True)
class Judged:
    """An outcome and the stable code of the reason that decides it.

    Where several checks come out alike, the first in the order of the table of checks decides.
    """

    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ZooEntry:
    """A card by its name.

    Attributes:
        name: lower case, hyphens.
        about: one sentence.
        judged: for every way on which this project's desk was held to it.
        recipe: how it is made.
    """

    name: str
    about: str
    judged: Mapping[Way, Judged]
    recipe: Recipe

    @property
    def has_image(self) -> bool:
        """Whether it comes as a state file too; others come by name only."""
        return not isinstance(self.recipe, InField | Foreign)


VALID: Final = Judged(Outcome.VALID, "chip-proved")
REFUSED: Final = Judged(Outcome.NO_VERDICT, "access-refused")


def invalid(reason: str) -> Judged:
    """Return ``invalid`` for that reason."""
    return Judged(Outcome.INVALID, reason)


def undecided(reason: str) -> Judged:
    """Return ``undecided`` for that reason."""
    return Judged(Outcome.UNDECIDED, reason)


def no_verdict(problem: str) -> Judged:
    """Return that the card cannot be read as a policy card."""
    return Judged(Outcome.NO_VERDICT, problem)


def everywhere(judged: Judged) -> Mapping[Way, Judged]:
    """Return that judgement for contact, and in range for those whom the card lets read."""
    open_ways = (Way.CONTACT, Way.CONTACT_CAN, Way.TAP, Way.TAP_CAN)
    return {**dict.fromkeys(open_ways, judged), Way.TAP_UNKNOWN: REFUSED}


def on_contact(judged: Judged) -> Mapping[Way, Judged]:
    """Return that judgement for contact only."""
    return {Way.CONTACT: judged}


def unasked(judged: Judged) -> Mapping[Way, Judged]:
    """Return that judgement on every way but the photo: the card tells its state to everybody."""
    ways = (Way.CONTACT, Way.CONTACT_CAN, Way.TAP, Way.TAP_CAN, Way.TAP_UNKNOWN)
    return dict.fromkeys(ways, judged)
