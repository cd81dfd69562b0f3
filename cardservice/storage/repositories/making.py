"""Orders, cards, receipts and stock."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, insert, select, union, update
from typing_extensions import override

from cardservice.storage.paging import FIRST, MAX_PAGE, Ask, Page
from cardservice.storage.repositories.base import Rows, Scope, Shape, VersionedRows
from cardservice.storage.rows.making import (
    Card,
    CardNumber,
    DispatchList,
    Order,
    Receipt,
    StockMovement,
)
from cardservice.storage.tables.making import (
    card_numbers,
    cards,
    orders,
    receipts,
    stock_movements,
    stock_totals,
)

_ORDER: Final = Shape(orders, Order)
_CARD: Final = Shape(cards, Card)
_NUMBER: Final = Shape(card_numbers, CardNumber)
_MOVEMENT: Final = Shape(stock_movements, StockMovement)
_RECEIPT: Final = Shape(receipts, Receipt)
_NO_STATION: Final = ""


class Orders(VersionedRows[Order]):
    """Cards to be made."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _ORDER, "order")

    def queue(
        self, region: str, state: str, ask: Ask = FIRST, *, works: Sequence[str] | None = None
    ) -> Page[Order]:
        """Return orders in a state, the soonest due first; those without a date last."""
        found = self.select().where(orders.c.region == region, orders.c.state == state)
        if works is not None:
            found = found.where(orders.c.work.in_(works))
        return self.page(found, ("due_on", "id"), ask)

    def lease_run_out(self, region: str, state: str, at: datetime) -> tuple[Order, ...]:
        """Return orders in ``state`` whose lease ended before ``at``; at most 200."""
        is_free = orders.c.region == region, orders.c.state == state, orders.c.leased_until < at
        return self.all_of(self.select().where(*is_free).limit(MAX_PAGE))

    def of_policy(self, region: str, policy_id: UUID) -> tuple[Order, ...]:
        """Return the orders for a policy, oldest first."""
        its = orders.c.region == region, orders.c.policy_id == policy_id
        return self.all_of(self.select().where(*its).order_by(orders.c.id))

    def of_application(self, region: str, application_id: UUID) -> tuple[Order, ...]:
        """Return the orders for an application, oldest first."""
        its = orders.c.region == region, orders.c.application_id == application_id
        return self.all_of(self.select().where(*its).order_by(orders.c.id))

    def of_dispatch(self, region: str, dispatch: str, ask: Ask = FIRST) -> Page[Order]:
        """Return the orders on a dispatch list."""
        its = orders.c.region == region, orders.c.dispatch == dispatch
        return self.page(self.select().where(*its), ("id",), ask)

    def on_the_way(self, region: str, state: str) -> tuple[DispatchList, ...]:
        """Return the dispatch lists with orders in ``state``, by their numbers; at most 200."""
        table, named = orders.c, orders.c.dispatch.is_not(None)
        wanted = select(table.dispatch, table.place_id, func.count())
        wanted = wanted.where(table.region == region, table.state == state, named)
        wanted = wanted.group_by(table.dispatch, table.place_id).order_by(table.dispatch)
        found = self.scope.connection.execute(wanted.limit(MAX_PAGE))
        return tuple(
            DispatchList(dispatch=dispatch, place_id=place_id, orders=number)
            for dispatch, place_id, number in found
        )

    def counts(self, region: str) -> Mapping[str, int]:
        """Return state → number of orders."""
        wanted = select(orders.c.state, func.count()).where(orders.c.region == region)
        found = self.scope.connection.execute(wanted.group_by(orders.c.state))
        return {state: number for state, number in found}  # noqa: C416 - rows are no pairs to mypy


class Cards(VersionedRows[Card]):
    """Cards of all regions."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _CARD, "card")

    def by_number(self, number: int) -> tuple[Card, ...]:
        """Return the cards with this list number and index; one a region at most."""
        return self.all_of(self.select().where(cards.c.number == number).limit(MAX_PAGE))

    def of_policy(self, region: str, policy_id: UUID) -> tuple[Card, ...]:
        """Return the cards of a policy, oldest first."""
        its = cards.c.region == region, cards.c.policy_id == policy_id
        return self.all_of(self.select().where(*its).order_by(cards.c.id))

    def run_out(self, region: str, states: AbstractSet[str], before: date) -> tuple[Card, ...]:
        """Return cards in ``states`` whose last day was before ``before``; at most 200."""
        table = cards.c
        is_due = table.region == region, table.state.in_(sorted(states)), table.valid_until < before
        wanted = self.select().where(*is_due).order_by(table.valid_until, table.id)
        return self.all_of(wanted.limit(MAX_PAGE))


class CardNumbers:
    """Places in the status list that were allotted, in all regions."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def add(self, row: CardNumber) -> None:
        """Keep that a number is given out.

        Raises:
            DuplicateError: of ``card_numbers``: it is given out already, in this region or
                another. (Raised when the transaction ends, as every such refusal.)
        """
        self.scope.require_region(row.region)
        self.scope.connection.execute(_NUMBER.added, [_NUMBER.values(row)])

    def find(self, number: int) -> CardNumber | None:
        """Return what a number was allotted to, None: to nothing."""
        wanted = _NUMBER.selected.where(card_numbers.c.number == number)
        found = self.scope.connection.execute(wanted).first()
        return None if found is None else _NUMBER.value(found)


class Stock(Rows[StockMovement]):
    """Movements of blanks."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _MOVEMENT, "stock movement")

    @override
    def add(self, *rows: StockMovement) -> None:
        """Store new movements, and count them in."""
        super().add(*rows)
        for row in rows:
            self._count_in(row)

    def of_order(self, region: str, order_id: UUID) -> tuple[StockMovement, ...]:
        """Return the movements that belong to an order, oldest first."""
        table = stock_movements.c
        its = table.region == region, table.order_id == order_id
        return self.all_of(self.select().where(*its).order_by(table.id))

    def of_station(
        self, region: str, station: str, kinds: AbstractSet[str], ask: Ask = FIRST
    ) -> Page[StockMovement]:
        """Return the movements of some kinds from and to a station, oldest first."""
        table = stock_movements.c
        its = table.region == region, table.station == station, table.kind.in_(sorted(kinds))
        return self.page(self.select().where(*its), ("id",), ask)

    def sums(self, region: str) -> Mapping[str, int]:
        """Return kind of movement → blanks moved that way, ever; from the running totals."""
        table = stock_totals.c
        wanted = select(table.kind, func.sum(table.quantity)).where(table.region == region)
        found = self.scope.connection.execute(wanted.group_by(table.kind))
        return {kind: int(quantity) for kind, quantity in found}

    def totals(self, region: str) -> Mapping[tuple[str, str], int]:
        """Return (kind of movement, station or empty) → blanks moved that way, ever."""
        table = stock_totals.c
        its = select(table.kind, table.station, table.quantity).where(table.region == region)
        return self._by_station(its)

    def counted(self, region: str) -> Mapping[tuple[str, str], int]:
        """Return what ``totals`` should be: the whole history, added up."""
        table = stock_movements.c
        station = func.coalesce(table.station, _NO_STATION)
        its = select(table.kind, station, func.sum(table.quantity)).where(table.region == region)
        return self._by_station(its.group_by(table.kind, station))

    def regions(self) -> tuple[str, ...]:
        """Return the regions that have movements or totals."""
        either = union(select(stock_movements.c.region), select(stock_totals.c.region))
        return tuple(sorted(self.scope.connection.execute(either).scalars()))

    def _by_station(self, wanted: Select[Any]) -> Mapping[tuple[str, str], int]:
        found = self.scope.connection.execute(wanted)
        return {(kind, station): int(quantity) for kind, station, quantity in found}

    def _count_in(self, row: StockMovement) -> None:
        key = {"region": row.region, "kind": row.kind, "station": row.station or _NO_STATION}
        table = stock_totals.c
        its = (table[name] == value for name, value in key.items())
        counted = update(stock_totals).where(*its)
        more = counted.values(quantity=table.quantity + row.quantity)
        if not self.scope.connection.execute(more).rowcount:
            first = {**key, "quantity": row.quantity}
            self.scope.connection.execute(insert(stock_totals), [first])

    def history(self, region: str, ask: Ask = FIRST) -> Page[StockMovement]:
        """Return all movements of a region, oldest first."""
        wanted = self.select().where(stock_movements.c.region == region)
        return self.page(wanted, ("id",), ask)


class Receipts(Rows[Receipt]):
    """Cards handed over."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _RECEIPT, "receipt")

    def of_order(self, region: str, order_id: UUID) -> tuple[Receipt, ...]:
        """Return the receipts of an order; one, or none yet."""
        its = receipts.c.region == region, receipts.c.order_id == order_id
        return self.all_of(self.select().where(*its).order_by(receipts.c.id))

    def of_person(self, region: str, person_id: UUID) -> tuple[Receipt, ...]:
        """Return the receipts for a person's cards, oldest first."""
        theirs = receipts.c.region == region, receipts.c.person_id == person_id
        return self.all_of(self.select().where(*theirs).order_by(receipts.c.id))
