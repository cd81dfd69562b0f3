"""How many blanks are where, told from all the movements there ever were."""

from collections.abc import Mapping
from typing import Final

from cardservice.domain.stock import Movement, Stock
from cardservice.errors import Refusal

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
