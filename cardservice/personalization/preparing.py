"""Orders prepared ahead of the cards: in this process, and on the other cores where it pays.

One order takes some 11 µs without a photo: a core prepares a day's cards in a second, and what
sending an order to another process costs eats what it saves. With a photo it takes some 29 µs,
most of them in its hash, and other cores help a little. So orders are prepared here, and only a
batch with very many photos gets processes; this process then goes on preparing beside them.
"""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from cardservice.personalization.order import CardOrder
from cardservice.personalization.preparing_crew import Answer, Crew, CrewFailedError, Hands, cores
from cardservice.personalization.preparing_wire import (
    Preparation,
    answer_orders,
    pack_orders,
    prepare_or_not,
    unpack_prepared,
)

WORTH_FROM: Final = 20_000
"""Orders with photos after which processes are started: each takes as long to start as 10,000."""

_SENT: Final = 64  # orders a message: measured from 16 to 512; larger ones make processes wait
_HERE: Final = 32  # orders between two looks at the processes, so that none waits for long
_IN_HAND: Final = 8  # messages of orders a process: one is there, the rest is done here meanwhile


class Preparer:
    """Prepares orders ahead, in their order, with a bounded look-ahead.

    Args:
        processes: beside this one; None: one for each other core. 0: none, ever.
        worth_from: orders with photos that are prepared before processes are started; 0: they
            are started at once, for any orders.
    """

    def __init__(self, *, processes: int | None = None, worth_from: int = WORTH_FROM) -> None:
        self._processes = cores() - 1 if processes is None else processes
        self._worth_from = worth_from

    def prepare_all(self, orders: Iterable[CardOrder]) -> Generator[Preparation, None, None]:
        """Yield what becomes of each order, in their order.

        Orders are asked for as far ahead as the processes have work; without them, one by one.
        When a process dies, its orders are prepared here. Close the iterator, or let it run
        out, to be rid of the processes.
        """
        source = iter(orders)
        if self._processes:
            yield from self._alone(source)
            yield from self._shared(source)
        yield from map(prepare_or_not, source)

    def _alone(self, source: Iterator[CardOrder]) -> Iterator[Preparation]:
        photos = 0
        while photos < self._worth_from and (order := next(source, None)) is not None:
            photos += order.photo is not None
            yield prepare_or_not(order)

    def _shared(self, source: Iterator[CardOrder]) -> Iterator[Preparation]:
        first = next(source, None)
        if first is None:
            return
        yield prepare_or_not(first)
        with Crew(_recruit, self._processes) as crew:
            yield from _Shift(crew, source, self._processes * _IN_HAND).results()


@dataclass(slots=True)
class _Piece:
    """Orders that are prepared together, here or elsewhere; ``done`` are what became of them."""

    orders: list[CardOrder] = field(repr=False)
    done: list[Preparation] | None = field(default=None, repr=False)


class _Shift:
    """Orders on their way through a crew, and through this process while the crew is busy."""

    def __init__(self, crew: Hands, source: Iterator[CardOrder], pieces: int) -> None:
        self._crew = crew
        self._source = source
        self._most = pieces * _SENT  # orders in hand
        self._in_hand = 0
        self._pieces: deque[_Piece] = deque()
        self._sent: dict[int, _Piece] = {}
        self._exhausted = False  # or nobody is left to share with

    def results(self) -> Iterator[Preparation]:
        """Yield the preparations in the order of the source; what it leaves there is not begun."""
        while not (self._exhausted and not self._pieces):
            self._send()
            self._prepare_here()
            self._collect(wait=self._pieces_are_elsewhere())
            yield from self._emit()

    def _take(self, count: int) -> _Piece | None:
        if self._exhausted:
            return None
        orders = list(islice(self._source, min(count, self._most - self._in_hand)))
        if not orders:
            self._exhausted |= self._in_hand < self._most
            return None
        self._in_hand += len(orders)
        piece = _Piece(orders)
        self._pieces.append(piece)
        return piece

    def _send(self) -> None:
        while self._crew.free and (piece := self._take(_SENT)):
            ticket = id(piece)
            self._sent[ticket] = piece
            self._crew.give(ticket, pack_orders(piece.orders))

    def _prepare_here(self) -> None:
        if piece := self._take(_HERE):
            piece.done = [prepare_or_not(one) for one in piece.orders]

    def _collect(self, *, wait: bool) -> None:
        try:
            answers = self._crew.collect(None if wait else 0)
        except CrewFailedError:
            self._give_up()
            return
        for one in answers:
            piece = self._sent.pop(one.ticket)
            piece.done = _finished(piece.orders, one.octets)

    def _give_up(self) -> None:
        """Prepare here what the crew has: there is none to be had."""
        self._exhausted = True
        for piece in self._sent.values():
            piece.done = _finished(piece.orders, None)
        self._sent.clear()

    def _pieces_are_elsewhere(self) -> bool:
        """Whether nothing can be done but wait: the oldest piece is sent, and no more fits."""
        full = self._exhausted or self._in_hand >= self._most
        return full and bool(self._pieces) and self._pieces[0].done is None

    def _emit(self) -> Iterator[Preparation]:
        while self._pieces and (done := self._pieces[0].done) is not None:
            self._in_hand -= len(self._pieces.popleft().orders)
            yield from done


def _finished(orders: list[CardOrder], octets: bytes | None) -> list[Preparation]:
    if octets is None:
        return [prepare_or_not(one) for one in orders]
    return unpack_prepared(orders, octets)


def _recruit() -> Answer:
    return answer_orders
