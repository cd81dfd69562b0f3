"""Places in the status list: each is given to one order, in all regions, once and for ever.

Source: card.md, "EF.CardID", tag 55: list number, 2 octets, then a random index, 4 octets.
"""

from typing import Final

from cardservice.errors import Refusal
from cardservice.registry.frame import MOST_DRAWS, Act
from cardservice.registry.ports_making import CardNumber, Order

LIST_NUMBER: Final = 1
INDEX_BITS: Final = 32
# Far more than an index has, so that no place is likelier than another by more than 2⁻³².
_DRAWN_OCTETS: Final = 8


def allot_number(act: Act, order: Order) -> int:
    """Return list number and index for a new card, 48 bits, drawn and kept for ``order``.

    Raises:
        Refusal: ``status-list-full``: of 20 places that were drawn none was free.
    """
    for _ in range(MOST_DRAWS):
        number = _drawn(act)
        if _is_free(act, number):
            act.work.card_numbers.add(
                CardNumber(
                    number=number,
                    region=act.region,
                    order_id=order.id,
                    station=act.actor.name,
                    at=act.now,
                )
            )
            return number
    sentence = "The status list has hardly a free place; give it more, then lease again."
    raise Refusal("status-list-full", sentence)


def expect_own_number(act: Act, order: Order, number: int) -> None:
    """Return if ``number`` was allotted to ``order``, or to none: older programs draw their own.

    Raises:
        Refusal: ``card-number-of-another-order``.
    """
    allotted = act.work.card_numbers.find(number)
    if allotted is not None and (allotted.region, allotted.order_id) != (order.region, order.id):
        sentence = "This number was allotted to another order."
        raise Refusal("card-number-of-another-order", sentence, field="number")


def _drawn(act: Act) -> int:
    drawn = int.from_bytes(act.office.draw(_DRAWN_OCTETS))
    return LIST_NUMBER << INDEX_BITS | drawn % act.settings.status_list_places


def _is_free(act: Act, number: int) -> bool:
    # Cards of older programs have numbers that were never allotted.
    return act.work.card_numbers.find(number) is None and not act.work.cards.by_number(number)
