"""How many blanks are where, told from the totals of all the movements there ever were."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cardservice.domain.stock import Movement, Stock
from cardservice.errors import Refusal
from cardservice.registry.ports import Work

_IN_STOCK: Final[Mapping[Movement, int]] = {
    Movement.RECEIVE: 1,
    Movement.HAND_TO_STATION: -1,
    Movement.TAKE_BACK: 1,
    Movement.SPOIL_IN_STOCK: -1,
    Movement.RETURN: -1,
}
_AT_STATION: Final[Mapping[Movement, int]] = {
    Movement.HAND_TO_STATION: 1,
    Movement.TAKE_BACK: -1,
    Movement.ISSUE: -1,
    Movement.SPOIL_AT_STATION: -1,
}
_RECEIVED: Final = {Movement.RECEIVE: 1}
_ISSUED: Final = {Movement.ISSUE: 1}
_SPOILED: Final = {Movement.SPOIL_AT_STATION: 1, Movement.SPOIL_IN_STOCK: 1}
_RETURNED: Final = {Movement.RETURN: 1}


Totals = Mapping[tuple[str, str], int]
"""(Kind of movement, station or empty) → blanks moved that way, ever."""


@dataclass(frozen=True, slots=True)
class StockDifference:
    """A running total that is not what the movements come to."""

    region: str
    kind: str
    station: str
    kept: int
    counted: int


def stock_differences(work: Work) -> tuple[StockDifference, ...]:
    """Return where totals and history differ, in all regions; nothing is mended.

    The whole history is added up, which takes as long as the history is.
    """
    regions = work.stock.regions()
    return tuple(one for region in regions for one in _differences(work, region))


def sums_of(totals: Totals) -> Mapping[str, int]:
    """Return kind of movement → blanks moved that way, at whatever station."""
    sums: dict[str, int] = {}
    for (kind, _), quantity in totals.items():
        sums[kind] = sums.get(kind, 0) + quantity
    return sums


def at_station(totals: Totals, station: str) -> int:
    """Return how many blanks a station has."""
    moved = {kind: count for (kind, where), count in totals.items() if where == station}
    return sum(sign * moved.get(kind.value, 0) for kind, sign in _AT_STATION.items())


def takes_from_station(movement: Movement) -> bool:
    """Return whether blanks that are moved so leave a station."""
    return _AT_STATION.get(movement, 0) < 0


def stock_of(sums: Mapping[str, int]) -> Stock:
    """Return the stock that these movements come to.

    Args:
        sums: kind of movement → blanks moved that way, ever.

    Raises:
        Refusal: ``stock-differs``: a kind that nobody knows, more went from a place than came
            there, or the equation does not hold.
    """
    try:
        moved = {Movement(kind): quantity for kind, quantity in sums.items()}
    except ValueError:
        raise _differs() from None
    stock = Stock(
        received=_sum(moved, _RECEIVED),
        in_stock=_sum(moved, _IN_STOCK),
        at_station=_sum(moved, _AT_STATION),
        issued=_sum(moved, _ISSUED),
        spoiled=_sum(moved, _SPOILED),
        returned=_sum(moved, _RETURNED),
    )
    if min(stock.in_stock, stock.at_station, *moved.values(), 0) < 0:
        raise _differs()
    stock.expect_balance()
    return stock


def _sum(moved: Mapping[Movement, int], signs: Mapping[Movement, int]) -> int:
    return sum(sign * moved.get(movement, 0) for movement, sign in signs.items())


def _differs() -> Refusal:
    sentence = "The recorded movements of blank cards contradict each other."
    return Refusal("stock-differs", sentence)


def _differences(work: Work, region: str) -> Iterator[StockDifference]:
    kept, counted = work.stock.totals(region), work.stock.counted(region)
    for kind, station in sorted(kept.keys() | counted.keys()):
        pair = kept.get((kind, station), 0), counted.get((kind, station), 0)
        if pair[0] != pair[1]:
            yield StockDifference(region, kind, station, *pair)
