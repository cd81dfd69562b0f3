"""How fast a lane is, and what it waits for, by its last cards."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum, unique
from typing import Final

from cardservice.personalization.lane_worker import Effort
from cardservice.personalization.lanes import Shares

LAST_CARDS: Final = 20
"""A lane's rate is that of so many cards: it follows a change within minutes and is calm."""

WHOLE: Final = 100  # hundredths
_NS_PER_HOUR: Final = 3600 * 10**9


@unique
class Part(StrEnum):
    """What a lane's time goes to; named as the fields of ``Shares``."""

    CHIP = "chip"
    LINE = "line"
    HOST = "host"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class _Card:
    at_ns: int
    effort: Effort


class LaneRate:
    """The last cards of one lane; its times are a monotonic clock's, nanoseconds."""

    def __init__(self, began_ns: int) -> None:
        self._before = began_ns
        self._cards: deque[_Card] = deque(maxlen=LAST_CARDS)

    def made(self, at_ns: int, effort: Effort) -> None:
        """Take in a card that was made at ``at_ns``."""
        if len(self._cards) == LAST_CARDS:
            self._before = self._cards[0].at_ns
        self._cards.append(_Card(at_ns, effort))

    @property
    def per_hour(self) -> int:
        """Return cards an hour, from card to card; 0 before two were made."""
        if len(self._cards) < 2:
            return 0
        took = self._cards[-1].at_ns - self._cards[0].at_ns
        return round((len(self._cards) - 1) * _NS_PER_HOUR / took) if took > 0 else 0

    @property
    def shares(self) -> Shares:
        """Return where the time of these cards went; all 0 before one was made."""
        if not self._cards:
            return Shares()
        efforts = [card.effort for card in self._cards]
        spent = {
            Part.CHIP: sum(one.chip_ns for one in efforts),
            Part.LINE: sum(one.line_ns for one in efforts),
            Part.HOST: sum(one.host_ns for one in efforts),
        }
        took = self._cards[-1].at_ns - self._before
        return shares_of({**spent, Part.HAND: max(0, took - sum(spent.values()))})


def shares_of(spent: Mapping[Part, int]) -> Shares:
    """Return hundredths that come to 100 for times of any unit; all 0 for no time at all.

    What rounding down leaves over goes to the largest remainders.
    """
    total = sum(spent.values())
    if total <= 0:
        return Shares()
    floors = {part: WHOLE * time // total for part, time in spent.items()}
    by_remainder = sorted(spent, key=lambda part: -(WHOLE * spent[part] % total))
    for part in by_remainder[: WHOLE - sum(floors.values())]:
        floors[part] += 1
    return Shares(**{part.value: share for part, share in floors.items()})


def bottleneck(shares: Shares) -> tuple[Part, int] | None:
    """Return what takes most of the time, with its hundredths; None: no card was made yet."""
    parts = [(Part(one.name), int(getattr(shares, one.name))) for one in fields(shares)]
    best = max(parts, key=lambda pair: pair[1])
    return best if best[1] else None
