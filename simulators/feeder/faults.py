"""What goes wrong with a feeder, and at which card: a plan, written down or drawn from a seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Self


@unique
class FeederFault(StrEnum):
    """What happens when a card is to be fed."""

    JAM = "jam"
    """The machine stops; asked again, it feeds the same card."""
    DOUBLE_FEED = "double-feed"
    """The machine stops and throws the two cards it took into the error bin."""
    SKIP = "skip"
    """The card slips by unseen and lies in the good stack, blank; the next one is fed."""
    TWIN = "twin"
    """The card has the serial number of the one before it."""


class FeederFaultError(Exception):
    """The machine stopped; ``fault`` is the word it says."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"the feeder stopped: {fault}")
        self.fault = fault


@dataclass(frozen=True, slots=True)
class FeederFaults:
    """Fault by place in the hopper, from 0."""

    at: Mapping[int, FeederFault] = field(default_factory=dict)

    @classmethod
    def drawn(cls, seed: int, *, cards: int, one_in: int) -> Self:
        """Return faults of all kinds at one card in ``one_in``; the same for the same seed."""
        dice = random.Random(seed)  # noqa: S311 - a plan for tests, to be drawn again
        kinds = tuple(FeederFault)
        struck = (place for place in range(cards) if dice.randrange(one_in) == 0)
        return cls({place: dice.choice(kinds) for place in struck})

    def of(self, place: int) -> FeederFault | None:
        """Return what happens with the card at that place."""
        return self.at.get(place)
