"""The stock of blank cards: none appears, none is lost.

Source: domain.md, "States": received = in stock + at a station + issued + spoiled + returned.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum, unique
from typing import Final

from cardservice.errors import Refusal, UsageError


@unique
class Movement(StrEnum):
    RECEIVE = "receive"  # from the maker
    HAND_TO_STATION = "hand-to-station"
    TAKE_BACK = "take-back"  # unused, from a station
    ISSUE = "issue"  # made into a card
    SPOIL_AT_STATION = "spoil-at-station"
    SPOIL_IN_STOCK = "spoil-in-stock"  # water, fire, a wrong delivery
    RETURN = "return"  # to the maker


_STOCK, _STATION = "in_stock", "at_station"
_FROM_TO: Final[Mapping[Movement, tuple[str | None, str]]] = {
    Movement.RECEIVE: (None, _STOCK),
    Movement.HAND_TO_STATION: (_STOCK, _STATION),
    Movement.TAKE_BACK: (_STATION, _STOCK),
    Movement.ISSUE: (_STATION, "issued"),
    Movement.SPOIL_AT_STATION: (_STATION, "spoiled"),
    Movement.SPOIL_IN_STOCK: (_STOCK, "spoiled"),
    Movement.RETURN: (_STOCK, "returned"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """How many blanks are where; each 0 or more."""

    received: int = 0
    in_stock: int = 0
    at_station: int = 0
    issued: int = 0
    spoiled: int = 0
    returned: int = 0

    @property
    def difference(self) -> int:
        """Received less all that is accounted for: 0, or so many are missing (negative: extra)."""
        found = self.in_stock + self.at_station + self.issued + self.spoiled + self.returned
        return self.received - found

    def expect_balance(self) -> None:
        """Do nothing if the equation holds; Raises: Refusal ``stock-differs``."""
        if self.difference:
            sentence = f"The stock of blank cards is out by {self.difference}."
            raise Refusal("stock-differs", sentence)

    def after(self, movement: Movement, count: int) -> "Stock":
        """Return the stock after ``count`` blanks were moved; the equation stays as it was.

        Raises:
            Refusal: ``stock-short``: there are not so many.
            UsageError: ``count`` is not positive.
        """
        if count <= 0:
            raise UsageError("a movement moves one blank or more")
        source, target = _FROM_TO[movement]
        giver = "received" if source is None else source
        left = getattr(self, giver) + (count if source is None else -count)
        if left < 0:
            there = _WORDS[giver]
            raise Refusal("stock-short", f"There are not {count} blank cards {there}.")
        changes = {giver: left, target: getattr(self, target) + count}
        return replace(self, **changes)


_WORDS: Final = {_STOCK: "in stock", _STATION: "at the station"}
