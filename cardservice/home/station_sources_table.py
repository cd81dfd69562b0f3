"""Jobs from a table of holders, with the home's ledger as the register.

A table may have a million rows. It is read as it is needed, and twice only after a crash; what is
held of it are the rows in hand. A row's order has the same name in every run of this station, so
a row that was made, or begun, is known again whatever became of the process.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, islice
from pathlib import Path
from threading import RLock
from typing import Final

from cardservice.domain.numbers import SHOWN_DIGITS, Enp
from cardservice.domain.orders import PolicyOrder
from cardservice.domain.register import CardStatus
from cardservice.domain.rows import LINES, Accepted, Refused, bounded_lines, read_rows
from cardservice.errors import Refusal, SourceUnavailableError
from cardservice.home.issuer import Home, utc_now
from cardservice.home.station_sources_rows import NamedRow, RowNames
from cardservice.personalization.jobs import Job, Outcome, Work
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.order import CardOrder
from cardservice.storage.ledger import CardLedger, LedgerEntry

MOST_RETURNED: Final = 10_000  # rows given back that are tried again in this run
MOST_OFFERS: Final = 3  # of one row in one run
_HEADER: Final = 1


@dataclass(frozen=True, slots=True)
class _InHand:
    """A row that a lane has, or waits for one."""

    row: int
    policy: PolicyOrder = field(repr=False)
    order: CardOrder = field(repr=False)


class TableJobs:
    """The port ``JobSource`` over a table; safe for threads.

    Args:
        open_lines: opens the table anew and returns its lines.
        home: whose cards they are.
        journal: what this station made.
        names: what a row's order is called, from ``row_names``.
        say_refused: told of every row that cannot be made.

    Raises:
        Refusal: the table's header is wrong.

    Attributes:
        refused: rows that cannot be made, so far.
        skipped: rows that were made before, so far, or whose holder's card is being made.
    """

    def __init__(
        self,
        open_lines: Callable[[], Iterator[bytes]],
        home: Home,
        journal: StationJournal,
        *,
        names: RowNames,
        say_refused: Callable[[Refused], None] = lambda _: None,
    ) -> None:
        self._open_lines = open_lines
        self._home, self._journal, self._names = home, journal, names
        self._say_refused = say_refused
        self._lock = RLock()
        self._in_hand: dict[str, _InHand] = {}
        self._being_made: set[Enp | int] = set()  # policy and card numbers of what is in hand
        self._returned: deque[tuple[int, PolicyOrder, str]] = deque(maxlen=MOST_RETURNED)
        self._offers: dict[str, int] = {}
        self._earlier: dict[str, Accepted] | None = None
        self.refused = self.skipped = 0
        self._rows = self._read(utc_now().date())

    def take(self, count: int) -> Sequence[Job]:
        """Return up to ``count`` jobs, in the order of the table; rows given back come last.

        Raises:
            Refusal: ``status-list-full``.
        """
        with self._lock:
            jobs = [self._given(one, name) for one, name in islice(self._new_rows(), count)]
            while len(jobs) < count and self._returned:
                row, policy, name = self._returned.popleft()
                jobs.append(self._given(Accepted(row, policy), name))
            return jobs

    def again(self, order_id: str) -> Job | None:
        """Return a job that was begun in an earlier run; None: its row is not in this table."""
        with self._lock:
            known = self._in_hand.get(order_id)
            if known is not None:
                return _job(order_id, known)
            row = self._row_of(order_id)
            return None if row is None else self._given(row, order_id)

    def renew(self) -> Sequence[str]:
        """Return no name: a table is nobody else's."""
        return ()

    def give_back(self, order_id: str) -> None:
        """Let a row wait until all others were given out; after some times, until the next run."""
        with self._lock:
            known = self._let_go(order_id)
            if known is None:
                return
            offers = self._offers[order_id] = self._offers.get(order_id, 0) + 1
            if offers < MOST_OFFERS:
                self._returned.append((known.row, known.policy, order_id))

    def tell(self, outcome: Outcome) -> None:
        """Write what became of a row into the ledger; the row of a spoiled card is made again.

        Raises:
            Refusal: ``row-unknown``: no row of this table has that name; ``outcome-incomplete``.
            SourceUnavailableError: ``ledger-not-written``.
        """
        with self._lock:
            entry = self._entry(outcome)
            if entry is not None:
                self._record(entry)
            if outcome.spoiled:
                self.give_back(outcome.order_id)
            self._let_go(outcome.order_id)

    def _entry(self, outcome: Outcome) -> LedgerEntry | None:
        """Return what the ledger is to be told; None: it needs to know nothing, or knows it."""
        ledger, number = self._home.ledger, outcome.number
        if outcome.spoiled and not ledger.knows_card(number):
            return None  # it never counted
        policy = self._policy_of(outcome)
        if outcome.signed_at is None:
            raise Refusal("outcome-incomplete", "Nobody says when the card's data were signed.")
        status = CardStatus.TERMINATED if outcome.spoiled else CardStatus.ACTIVE
        enp = policy.holder.enp
        if ledger.look_up(enp, card_number=number).card is status:
            return None
        return LedgerEntry(enp=enp, card_number=number, signed_at=outcome.signed_at, status=status)

    def _policy_of(self, outcome: Outcome) -> PolicyOrder:
        known = self._in_hand.get(outcome.order_id)
        if known is not None:
            return known.policy
        row = self._row_of(outcome.order_id) if outcome.work is Work.NEW_CARD else None
        if row is None:
            sentence = "No row of this table is that order's; run the station with its own table."
            raise Refusal("row-unknown", sentence)
        return row.order

    def _record(self, entry: LedgerEntry) -> None:
        try:
            self._home.ledger.record(entry)
        except OSError as error:
            sentence = f"The ledger cannot be written: {error.strerror}."
            raise SourceUnavailableError("ledger-not-written", sentence) from None

    def _given(self, row: Accepted, order_id: str) -> Job:
        order = self._home.order_for(row.order, taken=self._is_taken)
        known = self._in_hand[order_id] = _InHand(row.row, row.order, order)
        self._being_made |= {row.order.holder.enp, order.card_number}
        return _job(order_id, known)

    def _let_go(self, order_id: str) -> _InHand | None:
        known = self._in_hand.pop(order_id, None)
        if known is not None:
            self._being_made -= {known.policy.holder.enp, known.order.card_number}
        return known

    def _is_taken(self, number: int) -> bool:
        return number in self._being_made or self._journal.bearer_of(number) is not None

    def _new_rows(self) -> Iterator[tuple[Accepted, str]]:
        # An iterator of its own for each call: one that ``islice`` leaves would be closed.
        while (row := next(self._rows, None)) is not None:
            if isinstance(row, Accepted):
                yield row, self._names.name(row.order)
            else:
                self.refused += 1
                self._say_refused(row)

    def _read(self, today: date) -> Iterator[Accepted | Refused]:
        lines = self._open_lines()
        header = next(lines, b"")
        read_rows((header,) if header else (), today=today)
        self._names.learn(header)
        return self._pieces(header, lines, today)

    def _pieces(
        self, header: bytes, lines: Iterator[bytes], today: date
    ) -> Iterator[Accepted | Refused]:
        # A table is judged in pieces: whoever judges one remembers each of its numbers.
        for before in range(0, _MOST_LINES, LINES - _HEADER):
            piece = list(islice(lines, 1))
            if not piece:
                return
            rest = islice(lines, LINES - _HEADER - len(piece))
            wanted = self._wanted(chain(piece, rest))
            for row in read_rows(chain((header,), wanted), today=today):
                yield replace(row, row=row.row + before)

    def _wanted(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the lines of rows that are to be made, and empty ones for the others."""
        for line in lines:
            named = self._names.of_line(line)
            if named is not None and self._is_done(named):
                self.skipped += 1
                yield b""
            else:
                yield line

    def _is_done(self, named: NamedRow) -> bool:
        if named.enp in self._being_made or self._journal.holder_of(named.order_id) is not None:
            return True
        if self._journal.number_of(named.order_id) is not None:
            return False  # it was begun here, and no card has it
        return named.insured_from <= _last_card(self._home.ledger, named)

    def _row_of(self, order_id: str) -> Accepted | None:
        """Return the row of an order of an earlier run; all such rows are found in one reading."""
        if self._earlier is None:
            self._earlier = dict(self._find_earlier())
        return self._earlier.get(order_id)

    def _find_earlier(self) -> Iterator[tuple[str, Accepted]]:
        lines = self._open_lines()
        header = next(lines, b"")
        for number, line in enumerate(lines, 1 + _HEADER):
            named = self._names.of_line(line)
            if named is None or not self._is_open(named.order_id):
                continue
            for row in read_rows((header, line), today=utc_now().date()):
                if isinstance(row, Accepted):
                    yield named.order_id, replace(row, row=number)

    def _is_open(self, order_id: str) -> bool:
        holder = self._journal.holder_of(order_id)
        is_known = self._journal.number_of(order_id) is not None
        return is_known and (holder is None or not holder.reported)


_MOST_LINES: Final = 10_000_000


def table_lines(path: Path) -> Callable[[], Iterator[bytes]]:
    """Return what opens the table at ``path`` anew; raises OSError when it is called."""

    def opened() -> Iterator[bytes]:
        with path.open("rb") as file:
            yield from bounded_lines(file)

    return opened


def _job(order_id: str, known: _InHand) -> Job:
    tail = known.policy.holder.enp[-SHOWN_DIGITS:]
    return Job(order_id=order_id, order=known.order, label=f"{known.row} …{tail}")


def _last_card(ledger: CardLedger, named: NamedRow) -> str:
    newest = ledger.look_up(named.enp, card_number=None).newest_record
    return "" if newest is None else newest.date().isoformat()
