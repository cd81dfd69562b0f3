"""The orders a station has leased: what the office says of them, and what is written down of it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from cardservice.errors import Refusal
from cardservice.officelink.answers import Members, version_of, wrong
from cardservice.officelink.desk import NOT_OURS, STALE, OfficeDesk
from cardservice.officelink.lease_book import Lease, LeaseBook, lost
from cardservice.officelink.making import last_day_of, work_of
from cardservice.personalization.jobs import Work

_TRIES: Final = 2  # of a change, the second on the version that there is now
FIRST_VERSION: Final = 1  # of an order that no station has had yet


@dataclass(frozen=True, slots=True)
class Leases:
    """What the office and the lease book say together. Hold ``lock`` around what belongs together.

    Attributes:
        clock: aware time.
    """

    desk: OfficeDesk
    book: LeaseBook
    clock: Callable[[], datetime]
    lock: threading.RLock = field(default_factory=threading.RLock)

    def next(self) -> tuple[str, Members | None] | None:
        """Return the order that is due next as ``OfficeDesk.lease_next``; it is in the book."""
        found = self._next()
        if found is None:
            return None
        order_id, to_make = found
        if to_make is None:
            self.book.answered()
        else:
            self.book.taken(self._lease(order_id, to_make))
        return found

    def seen(self, order_id: str) -> Members | None:
        """Return what an order of ours is now; None: it is not ours."""
        known = self.book.get(order_id)
        try:
            found = self.desk.look(
                order_id, least=FIRST_VERSION if known is None else known.version
            )
        except Refusal:
            return None
        self.book.keep(self._lease(order_id, found))
        return found

    def again(self, order_id: str) -> Members | None:
        """Return what an order is that is leased once more; None: it is not to be had."""
        found = self.desk.lease_again(order_id, self.book.key)
        if found is not None:
            self.book.taken(self._lease(order_id, found))
        return found

    def renewed(self, lease: Lease) -> bool:
        """Have an order for longer; say whether it is ours still. The book is not saved."""
        version = self.changed(lease, lambda one: self.desk.renew(one, self.desk.minutes))
        if version is None:
            return False
        self.book.remember(replace(lease, version=version, until=self._end()))
        return True

    def changed(self, lease: Lease, change: Callable[[Lease], int]) -> int | None:
        """Return the version after a change of an order; None: it is not ours any more.

        Raises:
            SourceUnavailableError: the office cannot be asked, or says what it should not.
        """
        for _ in range(_TRIES):
            try:
                return change(lease)
            except Refusal as refusal:
                if refusal.code not in NOT_OURS | {STALE}:
                    raise wrong(f"refuses this station's request: {refusal.code}") from None
                if refusal.code != STALE or self.seen(lease.order_id) is None:
                    return None
                lease = self.book.get(lease.order_id) or lease
        return None

    def lose(self, order_id: str) -> None:
        """Write down that an order is not ours any more."""
        lease = self.book.get(order_id)
        if lease is not None:
            self.book.keep(lost(lease))

    def _next(self) -> tuple[str, Members | None] | None:
        try:
            return self.desk.lease_next(self.book.key)
        except Refusal:
            # The lease of this name was asked for in other words, and is kept under it.
            self.book.answered()
            return self.desk.lease_next(self.book.key)

    def _lease(self, order_id: str, to_make: Members) -> Lease:
        try:
            work, day = work_of(to_make), last_day_of(to_make)
        except Refusal:
            work, day = Work.NEW_CARD, None  # it cannot be made, and is put aside in a moment
        version = version_of(to_make, order_id, least=FIRST_VERSION)
        return Lease(
            order_id=order_id, version=version, until=self._end(), work=work, valid_until=day
        )

    def _end(self) -> datetime:
        return self.clock() + timedelta(minutes=self.desk.minutes)
