"""Where a floor's jobs come from: taken ahead, kept, given back; what lanes never wait for."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from cardservice.errors import Refusal
from cardservice.personalization.floor_book import JobBook
from cardservice.personalization.floor_parts import is_bound, is_made
from cardservice.personalization.jobs import Job, JobSource
from cardservice.personalization.journal import (
    CardMade,
    Intent,
    Kept,
    OrderGivenBack,
    ServiceBegun,
    ServiceDone,
    ServiceDropped,
)
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.lane_faults import code_of

RETRY_S: Final = 10.0
"""After an outage: soon enough for lanes that run dry, seldom enough for a registry in trouble."""

POLL_S: Final = 15.0
"""How often a source that had nothing is asked again."""

RENEWALS_A_LEASE: Final = 3
"""Two renewals may fail before a lease runs out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyPlan:
    """How a floor takes its jobs.

    Attributes:
        ahead: jobs that wait for lanes, at most.
        lease_s: how long the source keeps a job for us without hearing of us.
        limit: jobs to be done in all; None: as many as there are.
        ends_when_dry: a source that has nothing will never have anything, as a table.
    """

    ahead: int
    lease_s: float
    limit: int | None = None
    ends_when_dry: bool = False


class OpenOrders:
    """The orders that were begun, neither done nor given back; ``see`` every entry of a journal."""

    def __init__(self) -> None:
        self._orders: dict[str, None] = {}

    def see(self, kept: Kept) -> None:
        """Take one more entry in, the oldest first."""
        match kept.entry:
            case Intent(order=order) | ServiceBegun(order=order):
                self._orders[order] = None
            case (
                CardMade(order=order)
                | OrderGivenBack(order=order)
                | ServiceDone(order=order)
                | ServiceDropped(order=order)
            ):
                self._orders.pop(order, None)

    def names(self) -> list[str]:
        """Return them, the oldest first."""
        return list(self._orders)


def open_orders(entries: Iterable[Kept]) -> list[str]:
    """Return the orders that were begun, neither done nor given back, the oldest first."""
    orders = OpenOrders()
    for kept in entries:
        orders.see(kept)
    return orders.names()


class Supply:
    """Fills the book from the source. ``tick`` is called by one thread; ``fetch`` by any.

    Args:
        source: the registry, or a table.
        now_s: a clock that never jumps, seconds.

    Attributes:
        code: why the source cannot be reached; empty: it can.
        refused: orders that went back because they cannot be done here, with the reason; not
            taken a second time.
    """

    def __init__(
        self,
        source: JobSource,
        book: JobBook,
        journal: StationJournal,
        *,
        plan: SupplyPlan,
        now_s: Callable[[], float],
    ) -> None:
        self._source = source
        self._book = book
        self._journal = journal
        self._plan = plan
        self._now_s = now_s
        self._begun: deque[str] = deque()
        self._empty_until = self._retry_at = now_s()
        self._renew_at = now_s() + plan.lease_s / RENEWALS_A_LEASE
        self._is_closing = False
        self._is_dry = False
        self.code = ""
        self.refused: dict[str, str] = {}

    @property
    def is_dry(self) -> bool:
        """Say whether no more jobs are expected."""
        room = self._room()
        return not self._begun and (room == 0 or (self._is_dry and self._plan.ends_when_dry))

    def ask_for(self, begun: Iterable[str]) -> None:
        """Get back, with the next ``tick``, orders that were begun before a new start."""
        self._begun.extend(one for one in begun if not is_made(self._journal, one))

    def dropped(self, order_id: str, code: str) -> None:
        """Remember why an order cannot be done here."""
        self.refused[order_id] = code

    def close(self) -> None:
        """Take no more; from now on what nobody begins goes back."""
        self._is_closing = True
        self._book.dismiss()

    def tick(self) -> float:
        """Do what is due; return seconds until something may be due again."""
        if self.code and not self._is_closing and (left := self._retry_at - self._now_s()) > 0:
            return left  # lanes stir all the time; who is in trouble is not to be asked each time
        try:
            if self._is_closing:
                self._book.dismiss()
            self._give_back()
            self._renew()
            if not self._is_closing:
                self._ask_again()
                self._take()
        except Exception as error:  # noqa: BLE001 - a station without jobs is to say why
            self.code = code_of(error)
            self._retry_at = self._now_s() + RETRY_S
            return RETRY_S
        self.code = ""
        return min(POLL_S, max(0.0, self._renew_at - self._now_s()))

    def _give_back(self) -> None:
        for order_id in self._book.leaving():
            self._forget(order_id)
            try:
                self._source.give_back(order_id)
            except Refusal:
                self._book.gone(order_id, lost=True)
            else:
                self._book.gone(order_id)

    def _forget(self, order_id: str) -> None:
        """Note that the order is the registry's again, if the journal knows of it at all."""
        if self._journal.number_of(order_id) is not None:
            self._journal.give_back(order_id)

    def _renew(self) -> None:
        if self._now_s() < self._renew_at:
            return
        self._book.lose(self._source.renew())
        self._renew_at = self._now_s() + self._plan.lease_s / RENEWALS_A_LEASE

    def _ask_again(self) -> None:
        """Get back what was begun before the station was started anew."""
        while self._begun:
            order_id = self._begun[0]
            job = self._again(order_id)
            if job is not None and not is_made(self._journal, order_id):
                self._book.add([job])
            elif not is_bound(self._journal, order_id):
                self._forget(order_id)
            self._begun.popleft()

    def _again(self, order_id: str) -> Job | None:
        try:
            return self._source.again(order_id)
        except Refusal:
            return None  # its own word: the order is not ours any more

    def _take(self) -> None:
        ready, ahead = self._book.ready, self._plan.ahead
        wanted = min(ahead - ready, self._room())
        # Half of them at a time: one question for many jobs, not one for each.
        if wanted <= 0 or ready > ahead // 2 or self._now_s() < self._empty_until:
            return
        jobs = [job for job in self._source.take(wanted) if self._is_welcome(job.order_id)]
        self._is_dry = not jobs
        if not jobs:
            self._empty_until = self._now_s() + POLL_S
        self._book.add(jobs)

    def _is_welcome(self, order_id: str) -> bool:
        """Say whether the job is news; what cannot be done here goes back once more."""
        if order_id in self.refused:
            self._source.give_back(order_id)
        return order_id not in self.refused and not is_made(self._journal, order_id)

    def _room(self) -> int:
        """Return how many more jobs are to be taken."""
        if self._plan.limit is None:
            return self._plan.ahead
        counts = self._book.counts
        return max(0, self._plan.limit - counts.made - counts.in_hand)
