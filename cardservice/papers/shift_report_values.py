"""What a shift report says: counts, times and chip serials; nothing of a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

UNKNOWN_LANE = 0
"""Of a card whose lane the journal does not tell any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftHour:
    """What one lane did in one hour.

    Attributes:
        hour: its begin, aware, in the zone of the report.
        lane: from 1; ``UNKNOWN_LANE``.
        spoiled: reason → cards.
    """

    hour: datetime
    lane: int
    made: int = 0
    spoiled: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftStock:
    """Blanks at one moment; ``received`` is the sum of the others."""

    received: int = 0
    in_tray: int = 0
    begun: int = 0
    made: int = 0
    spoiled: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftOpenCard:
    """A card neither made nor spoiled at the end.

    Attributes:
        chip: its serial number, 16 hexadecimal digits.
        need: ``to-be-finished`` or ``look-at-the-card``.
    """

    chip: str
    need: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One shift of one station.

    Attributes:
        begin, end: aware, in the zone of the report.
        hours: in the order of hours and lanes; nothing for those in which nothing was done.
        services: work on cards that holders have → how often it was done.
        given_back: orders that went back to the registry.
        ended: spoiled chips that were erased.
        stock_begin, stock_end: None where nobody told which blanks the station was handed.
        untold: outcomes the registry does not know yet, at the end.
    """

    station: str
    begin: datetime
    end: datetime
    hours: tuple[ShiftHour, ...] = ()
    services: Mapping[str, int] = field(default_factory=dict)
    given_back: int = 0
    ended: int = 0
    stock_begin: ShiftStock | None = None
    stock_end: ShiftStock | None = None
    open_cards: tuple[ShiftOpenCard, ...] = ()
    untold: int = 0

    @property
    def made(self) -> int:
        """Return how many cards were made."""
        return sum(one.made for one in self.hours)

    @property
    def spoiled(self) -> Mapping[str, int]:
        """Return how many cards were spoiled, by reason."""
        counts: dict[str, int] = {}
        for one in self.hours:
            for reason, count in one.spoiled.items():
                counts[reason] = counts.get(reason, 0) + count
        return counts
