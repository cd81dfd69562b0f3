"""A batch tried before the first plastic: every order made on a software card and read back.

What a trial is made with is its caller's affair (``home``); here rows are kept in order, given
to processes in small lots, and a row that takes a process down is told from its neighbours.
"""

import pickle
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from cardservice.errors import Refusal
from cardservice.personalization.order import CardOrder
from cardservice.personalization.preparing_crew import Answer, Answered, Crew, Hands

LOT: Final = 16  # rows: a tenth of a second's work, so that all processes end together
_WAITING_LOTS: Final = 8  # a process: how far others may be ahead of one that has a hard lot


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is refused; the sentence never holds what stands in the row.

    Attributes:
        code: stable.
        field: column or card file that it is about; None: the row as a whole.
    """

    code: str
    sentence: str
    field: str | None = None

    @classmethod
    def of(cls, refusal: Refusal) -> "Fault":
        """Return a refusal as a value that travels between processes."""
        return cls(refusal.code, refusal.sentence, refusal.field)


ROW_FATAL: Final = Fault(
    "row-fatal",
    "The program ended each time it tried this row; make its card last and tell who maintains it.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A row before its trial.

    Attributes:
        row: its number as a person counts in the table, or in the batch; no other has it.
        order: None: it is refused already.
        faults: what is known to be wrong.
        notes: what a person should look at again though it is good.
    """

    row: int
    order: CardOrder | None = field(default=None, repr=False)
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """A row after its trial; without faults a card can be made of it."""

    row: int
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.faults


Trial = Callable[[Candidate], Sequence[Fault]]
"""What is wrong with a row that has an order; errors that escape it end its process."""

Results = Generator[Tried, None, None]
"""Rows after their trials, in their order; ``close`` it to end before its end."""

MakeTrial = Callable[[], Trial]
"""Called in each process; travels there, so it is a module's function, ``partial`` or value."""


@dataclass(frozen=True, slots=True)
class TrialRecruit:
    """Makes a process answer lots of candidates by trying each."""

    make_trial: MakeTrial

    def __call__(self) -> Answer:
        """Return what answers a lot with the faults of each of its rows."""
        trial = self.make_trial()

        def answer(lot: bytes) -> bytes:
            rows = pickle.loads(lot)  # noqa: S301 - from our own parent, through its pipe
            return pickle.dumps([tuple(trial(one)) for one in rows])

        return answer


def try_all(candidates: Iterable[Candidate], make_trial: MakeTrial, *, processes: int) -> Results:
    """Yield what became of each row, in the order of the rows.

    Rows are asked for a bounded number ahead. A process that dies is replaced and its lot is
    tried once more; if that dies too, each row of the lot is tried alone, and the one that still
    ends its process is refused as ``row-fatal``.

    Args:
        candidates: in any number.
        make_trial: makes the trial in each process.
        processes: 1 or more.

    Raises:
        CrewFailedError: a process could not be started.
    """
    with Crew(TrialRecruit(make_trial), processes) as crew:
        yield from _Trials(crew, candidates, processes * _WAITING_LOTS).results()


@dataclass(slots=True, eq=False)
class _Lot:
    """Rows tried together; ``results`` when they were, ``deaths`` of processes that had them."""

    rows: list[Candidate]
    deaths: int = 0
    results: list[Tried] | None = None

    @property
    def wanted(self) -> list[Candidate]:
        return [one for one in self.rows if one.order is not None]

    def settle(self, faults: Sequence[tuple[Fault, ...]]) -> None:
        """Take what the trials of the wanted rows found."""
        found = iter(faults)
        self.results = [
            Tried(one.row, one.faults if one.order is None else next(found), one.notes)
            for one in self.rows
        ]


class _Trials:
    """Lots on their way through a crew."""

    def __init__(self, crew: Hands, candidates: Iterable[Candidate], most: int) -> None:
        self._crew = crew
        self._source = iter(candidates)
        self._most = most  # lots in hand
        self._lots: deque[_Lot] = deque()
        self._again: deque[_Lot] = deque()
        self._away: dict[int, _Lot] = {}

    def results(self) -> Iterator[Tried]:
        while True:
            exhausted = self._give()
            yield from self._emit()
            if exhausted and not self._lots:
                return
            if self._away or not self._crew.free:
                self._collect()

    def _give(self) -> bool:
        """Give out what can be given; return whether no new lot is left."""
        while self._crew.free:
            lot = self._again.popleft() if self._again else self._next()
            if lot is None:
                return len(self._lots) < self._most
            if not (wanted := lot.wanted):
                lot.settle(())
                continue
            self._away[id(lot)] = lot
            self._crew.give(id(lot), pickle.dumps(wanted))
        return False

    def _next(self) -> _Lot | None:
        if len(self._lots) >= self._most:
            return None
        rows = list(islice(self._source, LOT))
        if not rows:
            return None
        self._lots.append(_Lot(rows))
        return self._lots[-1]

    def _emit(self) -> Iterator[Tried]:
        while self._lots and (results := self._lots[0].results) is not None:
            self._lots.popleft()
            yield from results

    def _collect(self) -> None:
        for one in self._crew.collect():
            self._settle(self._away.pop(one.ticket), one)

    def _settle(self, lot: _Lot, answered: Answered) -> None:
        if answered.octets is not None:
            lot.settle(pickle.loads(answered.octets))  # noqa: S301 - from our own process
            return
        lot.deaths += 1
        if lot.deaths == 1:
            self._again.append(lot)
        elif len(lot.rows) > 1:
            self._part(lot)
        else:
            lot.settle([(ROW_FATAL,)])

    def _part(self, lot: _Lot) -> None:
        """Put each row of the lot in its place, to be tried alone, once."""
        place = self._lots.index(lot)
        self._lots.remove(lot)
        for offset, row in enumerate(lot.rows):
            alone = _Lot([row], deaths=1)
            self._lots.insert(place + offset, alone)
            self._again.append(alone)
