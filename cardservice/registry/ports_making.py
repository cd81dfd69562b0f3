"""Orders, cards, receipts and the stock of blanks."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.ports_base import (
    FIRST,
    Ask,
    Page,
    Record,
    Rows,
    Versioned,
    VersionedRows,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Versioned):
    """One card to be made, or one piece of work on a card that there is.

    Attributes:
        card_id: the card that was made for it, or that the work is done to.
        work: a value of ``personalization.jobs.Work``.
        ground: why work on a card was ordered, a code; None: it follows from something else.
        new_card_number: the newest place in the status list that was allotted to a new card.
        signed_at: of the security object that the work left on the card; None: it left none.
        spoiled_by, spoiled_version: who last reported it spoiled, and on which version.
        station, leased_until: who is making it, and until when nobody else may.
        dispatch: number of the dispatch list it travels with.
        attempts: cards that were begun for it, spoiled ones included.
    """

    application_id: UUID | None = None
    policy_id: UUID
    card_id: UUID | None = None
    place_id: UUID | None = None
    work: str = CardWork.NEW_CARD.value
    ground: str | None = None
    state: str
    new_card_number: int | None = field(default=None, repr=False)
    signed_at: datetime | None = None
    spoiled_by: str | None = None
    spoiled_version: int | None = None
    station: str | None = None
    leased_until: datetime | None = None
    dispatch: str | None = None
    attempts: int = 0
    due_on: date | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(Versioned):
    """A card; ``number`` is list number and index of EF.CardID as one integer, 48 bits."""

    number: int = field(repr=False)
    chip_serial: bytes | None = field(default=None, repr=False)
    policy_id: UUID | None = None
    order_id: UUID | None = None
    state: str
    reason: str | None = None
    signed_at: datetime | None = None
    activated_at: datetime | None = None
    terminated_at: datetime | None = None
    valid_until: date | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CardNumber:
    """A place in the status list that is given out, in all regions, once and for ever.

    Attributes:
        number: list number and index of EF.CardID as one integer, 48 bits.
        region, order_id: what it was allotted to.
        station: the one that had leased the order.
    """

    number: int = field(repr=False)
    region: str
    order_id: UUID
    station: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StockMovement(Record):
    """Blanks that came, went to a station, were issued, spoiled or returned; never changed.

    Attributes:
        first_chip, last_chip: serial numbers of the chips, 8 octets, both included; None: they
            were counted and not named.
    """

    kind: str
    quantity: int
    first_chip: bytes | None = field(default=None, repr=False)
    last_chip: bytes | None = field(default=None, repr=False)
    place_id: UUID | None = None
    station: str | None = None
    order_id: UUID | None = None
    batch: str | None = None
    actor: str
    ground: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Record):
    """That a card was handed over: who took it, what they showed, what became of the old one.

    Attributes:
        came: the holder, or who came for them (``domain.applicants``).
        shown: kind of the document; its number is nobody's business here.
        old_card: what became of the card they had.
    """

    number: str
    order_id: UUID
    card_id: UUID
    person_id: UUID
    application_id: UUID | None = None
    place_id: UUID
    came: str
    shown: str
    old_card: str
    handed_by: str
    handed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchList:
    """A dispatch list: its number, where it goes, and how many of its orders are asked for."""

    dispatch: str
    place_id: UUID
    orders: int


class Orders(VersionedRows[Order], Protocol):
    """Cards to be made."""

    def queue(
        self, region: str, state: str, ask: Ask = FIRST, *, works: Sequence[str] | None = None
    ) -> Page[Order]:
        """Return orders in a state, the soonest due first; ``works``: only such."""
        ...

    def lease_run_out(self, region: str, state: str, at: datetime) -> tuple[Order, ...]:
        """Return orders in ``state`` whose lease ended before ``at``; at most 200."""
        ...

    def of_policy(self, region: str, policy_id: UUID) -> tuple[Order, ...]:
        """Return the orders for a policy, oldest first."""
        ...

    def of_application(self, region: str, application_id: UUID) -> tuple[Order, ...]:
        """Return the orders for an application, oldest first."""
        ...

    def of_dispatch(self, region: str, dispatch: str, ask: Ask = FIRST) -> Page[Order]:
        """Return the orders on a dispatch list."""
        ...

    def on_the_way(self, region: str, state: str) -> tuple[DispatchList, ...]:
        """Return the dispatch lists with orders in ``state``, by their numbers; at most 200."""
        ...

    def counts(self, region: str) -> Mapping[str, int]:
        """Return state → number of orders."""
        ...


class Cards(VersionedRows[Card], Protocol):
    """Cards of all regions."""

    def by_number(self, number: int) -> tuple[Card, ...]:
        """Return the cards with this list number and index; one a region at most."""
        ...

    def of_policy(self, region: str, policy_id: UUID) -> tuple[Card, ...]:
        """Return the cards of a policy, oldest first."""
        ...

    def run_out(self, region: str, states: AbstractSet[str], before: date) -> tuple[Card, ...]:
        """Return cards in ``states`` whose last day was before ``before``; at most 200."""
        ...


class CardNumbers(Protocol):
    """Places in the status list that were allotted, in all regions."""

    def add(self, row: CardNumber) -> None:
        """Keep that a number is given out; one that is given out already is refused."""
        ...

    def find(self, number: int) -> CardNumber | None:
        """Return what a number was allotted to, None: to nothing."""
        ...


class Stock(Rows[StockMovement], Protocol):
    """Movements of blanks."""

    def of_order(self, region: str, order_id: UUID) -> tuple[StockMovement, ...]:
        """Return the movements that belong to an order, oldest first."""
        ...

    def of_station(
        self, region: str, station: str, kinds: AbstractSet[str], ask: Ask = FIRST
    ) -> Page[StockMovement]:
        """Return the movements of some kinds from and to a station, oldest first."""
        ...

    def sums(self, region: str) -> Mapping[str, int]:
        """Return kind of movement → blanks moved that way, ever; from the running totals."""
        ...

    def totals(self, region: str) -> Mapping[tuple[str, str], int]:
        """Return (kind of movement, station or empty) → blanks moved that way, ever."""
        ...

    def counted(self, region: str) -> Mapping[tuple[str, str], int]:
        """Return what ``totals`` should be: the whole history, added up."""
        ...

    def regions(self) -> tuple[str, ...]:
        """Return the regions that have movements or totals."""
        ...

    def history(self, region: str, ask: Ask = FIRST) -> Page[StockMovement]:
        """Return all movements of a region, oldest first."""
        ...


class Receipts(Rows[Receipt], Protocol):
    """Cards handed over."""

    def of_order(self, region: str, order_id: UUID) -> tuple[Receipt, ...]:
        """Return the receipts of an order; one, or none yet."""
        ...

    def of_person(self, region: str, person_id: UUID) -> tuple[Receipt, ...]:
        """Return the receipts for a person's cards, oldest first."""
        ...
