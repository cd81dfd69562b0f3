"""Where an order stands that is for a card in somebody's hands: an update, a new PIN, an end."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum, unique
from typing import Final

from cardservice.personalization.journal import (
    ServiceBegun,
    ServiceDone,
    ServiceDropped,
    ServiceEntry,
    ServiceReported,
)


@unique
class ServiceStanding(StrEnum):
    """How far the journal saw an order for a card that there is come."""

    BEGUN = "begun"  # the card may have been written to
    DONE = "done"
    REPORTED = "reported"
    DROPPED = "dropped"  # nothing was written


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLife:
    """One such order.

    Attributes:
        chip: serial number of the card it is done on, 8 octets.
        number: the card's place in the status list.
        work: what is done, see ``cardservice.personalization.jobs.Work``.
        signed_at: signing time of the security object that is written, if one is.
        sequence: of the last entry about it.
    """

    order: str
    chip: bytes
    number: int
    work: str
    standing: ServiceStanding
    signed_at: datetime | None = None
    sequence: int = 0


_FOLLOWS: Final[Mapping[type[ServiceEntry], frozenset[ServiceStanding | None]]] = {
    ServiceBegun: frozenset({None, ServiceStanding.BEGUN, ServiceStanding.DROPPED}),
    ServiceDone: frozenset({ServiceStanding.BEGUN}),
    ServiceReported: frozenset({ServiceStanding.DONE}),
    ServiceDropped: frozenset({ServiceStanding.BEGUN}),
}
_AFTER: Final[Mapping[type[ServiceEntry], ServiceStanding]] = {
    ServiceDone: ServiceStanding.DONE,
    ServiceReported: ServiceStanding.REPORTED,
    ServiceDropped: ServiceStanding.DROPPED,
}


@dataclass(slots=True)
class Services:
    """The sum of a journal's entries about such orders, by the order's name."""

    orders: dict[str, ServiceLife] = field(default_factory=dict)

    def may_follow(self, entry: ServiceEntry) -> bool:
        """Say whether ``entry`` may come next."""
        life = self.orders.get(entry.order)
        return (None if life is None else life.standing) in _FOLLOWS[type(entry)]

    def apply(self, entry: ServiceEntry, sequence: int) -> None:
        """Take one more entry in."""
        if isinstance(entry, ServiceBegun):
            self.orders[entry.order] = ServiceLife(
                order=entry.order,
                chip=entry.chip,
                number=entry.number,
                work=entry.work,
                signed_at=entry.signed_at,
                standing=ServiceStanding.BEGUN,
                sequence=sequence,
            )
            return
        life = self.orders[entry.order]
        self.orders[entry.order] = replace(life, standing=_AFTER[type(entry)], sequence=sequence)

    def unreported(self) -> list[ServiceLife]:
        """Return the orders done and not told of, in the order in which they were done."""
        done = [one for one in self.orders.values() if one.standing is ServiceStanding.DONE]
        return sorted(done, key=lambda one: one.sequence)

    def unfinished(self) -> list[ServiceLife]:
        """Return the orders that were begun: the card says whether it was written to."""
        return [one for one in self.orders.values() if one.standing is ServiceStanding.BEGUN]
