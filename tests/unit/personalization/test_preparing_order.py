"""Orders whose preparations come back in the worst order, from a crew without processes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, islice

import pytest

from cardservice.personalization.order import CardOrder, prepare
from cardservice.personalization.preparing import _Shift
from cardservice.personalization.preparing_crew import Answered, CrewFailedError
from cardservice.personalization.preparing_wire import answer_orders
from tests.chain import an_order

PIECES = 4


@dataclass
class Late:
    """A crew that answers only when it is waited for, last things first.

    ``dying``: each process dies over its work; ``lost_after`` so many answers all are lost.
    """

    slots: int = 3
    dying: bool = False
    lost_after: int = 1_000
    hand: list[tuple[int, bytes]] = field(default_factory=list)
    answered: int = 0

    @property
    def free(self) -> bool:
        return len(self.hand) < self.slots

    def give(self, ticket: int, octets: bytes) -> None:
        self.hand.append((ticket, octets))

    def collect(self, timeout_s: float | None = None) -> Sequence[Answered]:
        if timeout_s == 0:
            return []
        if self.answered >= self.lost_after:
            raise CrewFailedError
        self.answered += 1
        ticket, octets = self.hand.pop()
        return [Answered(ticket, None if self.dying else answer_orders(octets))]


def orders(number: int) -> Iterator[CardOrder]:
    return (replace(an_order(), list_index=index) for index in range(number))


@pytest.mark.parametrize("crew", [Late(), Late(dying=True), Late(slots=1), Late(slots=0)])
def test_everything_comes_prepared_and_in_its_order(crew: Late) -> None:
    made = list(_Shift(crew, orders(3_000), PIECES).results())
    assert made == [prepare(one) for one in orders(3_000)]
    assert crew.answered or not crew.slots


def test_when_all_processes_are_lost_what_they_had_is_prepared_here() -> None:
    source = orders(3_000)
    made = list(_Shift(Late(lost_after=2), source, PIECES).results())
    rest = [prepare(one) for one in source]
    assert rest  # it is left in the source, for the caller to go on with
    assert [*made, *rest] == [prepare(one) for one in orders(3_000)]


def test_no_more_orders_are_in_hand_than_allowed() -> None:
    taken: list[int] = []

    def endless() -> Iterator[CardOrder]:
        for index in count():
            taken.append(index)
            yield replace(an_order(), list_index=index)

    made = _Shift(Late(slots=99), endless(), PIECES).results()
    wanted = 1_000
    assert [one.order.list_index for one in islice(made, wanted)] == list(range(wanted))
    assert len(taken) <= wanted + 2 * PIECES * 64
