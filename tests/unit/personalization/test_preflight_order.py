"""Lots that come back in the worst order, from a crew without processes."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, islice

import pytest

from cardservice.personalization.preflight import LOT, ROW_FATAL, Candidate, Fault, Tried, _Trials
from cardservice.personalization.preparing_crew import Answered
from tests.chain import an_order

ODD = Fault("odd", "The row's number is odd.", "row")
MOST = 4  # lots in hand


@dataclass
class Backwards:
    """A crew that answers what it was given last first; a deadly row kills so many processes."""

    slots: int = 99
    deadly: dict[int, int] = field(default_factory=dict)
    hand: list[tuple[int, bytes]] = field(default_factory=list)
    lots: list[list[int]] = field(default_factory=list)
    most: int = 0

    @property
    def free(self) -> bool:
        return len(self.hand) < self.slots

    def give(self, ticket: int, octets: bytes) -> None:
        self.hand.append((ticket, octets))
        self.most = max(self.most, len(self.hand))

    def collect(self, timeout_s: float | None = None) -> Sequence[Answered]:
        ticket, octets = self.hand.pop()
        rows = [one.row for one in pickle.loads(octets)]  # noqa: S301 - made by the test
        self.lots.append(rows)
        for row in rows:
            if self.deadly.get(row):
                self.deadly[row] -= 1
                return [Answered(ticket, None)]
        return [Answered(ticket, pickle.dumps([(ODD,) if row % 2 else () for row in rows]))]


def candidates(rows: int) -> Iterator[Candidate]:
    return (Candidate(row=row, order=an_order()) for row in range(1, rows + 1))


def expected(rows: int) -> list[Tried]:
    return [Tried(row, (ODD,) if row % 2 else ()) for row in range(1, rows + 1)]


def test_rows_come_in_their_order_though_their_lots_come_backwards() -> None:
    assert list(_Trials(Backwards(), candidates(150), MOST).results()) == expected(150)


def test_a_deadly_row_keeps_its_place_and_its_neighbours_theirs() -> None:
    wanted = expected(60)
    wanted[19] = Tried(20, (ROW_FATAL,))
    crew = Backwards(deadly={20: 9})
    assert list(_Trials(crew, candidates(60), MOST).results()) == wanted
    assert crew.deadly == {20: 6}  # the lot, the lot again, the row alone


def test_two_deadly_rows_of_one_lot_are_both_found() -> None:
    results = list(_Trials(Backwards(deadly={3: 9, 4: 9}), candidates(LOT), MOST).results())
    assert [one.row for one in results if ROW_FATAL in one.faults] == [3, 4]
    assert len(results) == LOT


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_row_whose_process_lives_in_the_end_is_judged(deaths: int) -> None:
    crew = Backwards(deadly={20: deaths})
    assert list(_Trials(crew, candidates(40), MOST).results()) == expected(40)


def test_a_lot_is_tried_once_more_as_it_is_before_it_is_parted() -> None:
    crew = Backwards(deadly={3: 1})
    list(_Trials(crew, candidates(LOT), MOST).results())
    assert crew.lots == [list(range(1, LOT + 1))] * 2


def test_no_more_lots_are_in_hand_than_allowed_however_many_processes_are_free() -> None:
    crew = Backwards()
    endless = (Candidate(row=row, order=an_order()) for row in count(1))
    assert list(islice(_Trials(crew, endless, MOST).results(), 5 * LOT)) == expected(5 * LOT)
    assert crew.most == MOST


@pytest.mark.parametrize("refused", [lambda row: row % 3 == 0, lambda row: row < 5 * LOT])
def test_refused_rows_are_never_sent_and_come_in_their_place(
    refused: Callable[[int], bool],
) -> None:
    known = Fault("known", "It was known before.")
    rows = [
        Candidate(row=one.row, faults=(known,)) if refused(one.row) else one
        for one in candidates(6 * LOT)
    ]
    crew = Backwards()
    results = list(_Trials(crew, rows, MOST).results())
    assert results == [
        Tried(one.row, (known,)) if refused(one.row) else one for one in expected(6 * LOT)
    ]
    assert not any(refused(row) for lot in crew.lots for row in lot)
