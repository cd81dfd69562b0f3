"""Jobs from the office: leased ahead, kept while a station works on them, told of when done.

A lease is the only thing that keeps two stations from one order. So what was leased is in the
lease book before anybody here hears of it, what is not wanted goes back, and an order of which
the office says that it is not ours is not made; made already, it is told of or named to a person.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from cardservice.errors import Refusal, SourceUnavailableError
from cardservice.officelink.answers import Members
from cardservice.officelink.desk import NOT_OURS, OfficeDesk
from cardservice.officelink.lease_book import LeaseBook
from cardservice.officelink.leases import Leases
from cardservice.officelink.making import House, job_of, work_of
from cardservice.officelink.telling import Telling
from cardservice.personalization.jobs import Job, Outcome, Work

UNFIT_MINUTES: Final = 10
"""How long an order stays leased that cannot be made: given back at once it would be the first in
the queue again, and this station would get nothing else."""

MOST_UNFIT: Final = 100  # orders that cannot be made, passed over in one call
MOST_NAMED: Final = 1_000  # of those, remembered for a person


@dataclass(frozen=True, slots=True)
class Unfit:
    """An order that cannot be made as the office has it; ``field`` is where it is wrong."""

    order_id: str
    code: str
    sentence: str
    field: str | None


class RegistryJobs:
    """The port ``JobSource`` over the office's API; safe for threads.

    Args:
        desk: the office.
        book: of this station's leases.
        house: what the station adds to an order.
        is_begun: says whether a card holds, or may hold, what an order asks for. Such an order is
            given out by ``again`` only, and never given back.
    """

    def __init__(
        self,
        desk: OfficeDesk,
        book: LeaseBook,
        house: House,
        *,
        is_begun: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._leases = Leases(desk, book, house.clock)
        self._telling = Telling(self._leases)
        self._desk, self._book, self._house = desk, book, house
        self._is_begun = is_begun
        self._given_out: set[str] = set()
        self._lost: list[str] = []
        self._unfit: OrderedDict[str, Unfit] = OrderedDict()
        book.forget_old(house.clock())

    @property
    def unfit(self) -> Sequence[Unfit]:
        """Return the orders that could not be made since the station started, the newest last."""
        with self._leases.lock:
            return tuple(self._unfit.values())

    def take(self, count: int) -> Sequence[Job]:
        """Return up to ``count`` jobs: first what was leased before, then what is due next.

        Raises:
            SourceUnavailableError: the office cannot be asked, and there is none at all.
        """
        jobs: list[Job] = []
        try:
            for order_id in self._leased_before():
                if len(jobs) < count:
                    jobs += self._fetched(order_id)
            for _ in range(count + MOST_UNFIT):
                if len(jobs) >= count or not self._take_next(jobs):
                    break
        except SourceUnavailableError:
            if not jobs:
                raise
        return jobs

    def again(self, order_id: str) -> Job | None:
        """Return a job of an earlier run, leased once more if need be; None: it is not ours."""
        with self._leases.lock:
            to_make = self._leases.seen(order_id) or self._leases.again(order_id)
        return None if to_make is None else self._given(order_id, to_make)

    def renew(self) -> Sequence[str]:
        """Have all orders for longer; return the names of those that are not ours any more.

        What was found to be lost before the office could not be asked any more is returned by the
        next call.
        """
        try:
            for lease in self._book.leases():
                self._renew(lease.order_id)
        finally:
            self._book.save()
        with self._leases.lock:
            gone, self._lost = self._lost, []
        return gone

    def give_back(self, order_id: str) -> None:
        """Let others have a job; one for which a card was begun is kept, to be told of."""
        with self._leases.lock:
            lease = self._book.get(order_id)
            if lease is None or self._is_begun(order_id):
                return
            if not lease.lost:
                self._leases.changed(lease, self._desk.give_back)
            self._forget(order_id)

    def tell(self, outcome: Outcome) -> None:
        """Tell what became of a job; when this returns the office keeps it.

        Raises:
            Refusal: the office takes it from nobody, or not from us; a person has to look.
            SourceUnavailableError: to be told again.
        """
        with self._leases.lock:
            self._telling.tell(outcome)
            self._forget(outcome.order_id)

    def _leased_before(self) -> list[str]:
        return [
            one.order_id
            for one in self._book.leases()
            if not (one.lost or one.order_id in self._given_out or self._is_begun(one.order_id))
        ]

    def _fetched(self, order_id: str) -> Sequence[Job]:
        with self._leases.lock:
            to_make = self._leases.seen(order_id)
            if to_make is None:
                self._forget(order_id)
                return ()
        job = self._given(order_id, to_make)
        return () if job is None else (job,)

    def _take_next(self, jobs: list[Job]) -> bool:
        """Add the next order, if it is news to this station; False: the queue is empty."""
        with self._leases.lock:
            found = self._leases.next()
        if found is None:
            return False
        order_id, to_make = found
        is_news = order_id not in self._given_out and not self._is_begun(order_id)
        job = self._given(order_id, to_make) if to_make is not None and is_news else None
        if job is not None:
            jobs.append(job)
        return True

    def _given(self, order_id: str, to_make: Members) -> Job | None:
        """Return the job, given out; None: it cannot be made, and is named and put aside."""
        try:
            is_new_card = work_of(to_make) is Work.NEW_CARD
            photo = self._desk.photo(order_id) if is_new_card else None
            job = job_of(to_make, order_id, self._house, photo)
        except Refusal as refusal:
            self._put_aside(order_id, refusal)
            return None
        with self._leases.lock:
            self._unfit.pop(order_id, None)
            self._given_out.add(order_id)
        return job

    def _put_aside(self, order_id: str, why: Refusal) -> None:
        with self._leases.lock:
            if why.code in NOT_OURS:
                self._leases.lose(order_id)
                return
            self._unfit.pop(order_id, None)
            self._unfit[order_id] = Unfit(order_id, why.code, why.sentence, why.field)
            if len(self._unfit) > MOST_NAMED:
                self._unfit.popitem(last=False)
            lease = self._book.get(order_id)
            if lease is None or self._is_begun(order_id):
                return
            self._forget(order_id)
            # If the office cannot be asked now, the lease ends later, by itself as well.
            with suppress(SourceUnavailableError, Refusal):
                self._desk.renew(lease, UNFIT_MINUTES)

    def _renew(self, order_id: str) -> None:
        with self._leases.lock:
            lease = self._book.get(order_id)
            if lease is None or lease.lost or self._leases.renewed(lease):
                return
            # What is on a card already is told of under a lease, if the order is still to be had.
            if self._is_begun(order_id) and self._leases.again(order_id) is not None:
                return
            self._leases.lose(order_id)
            if order_id in self._given_out:
                self._given_out.discard(order_id)
                self._lost.append(order_id)

    def _forget(self, order_id: str) -> None:
        self._given_out.discard(order_id)
        self._book.drop(order_id)
