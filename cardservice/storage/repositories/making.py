"""Orders, cards and stock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from cardservice.storage.paging import FIRST, MAX_PAGE, Ask, Page
from cardservice.storage.repositories.base import Rows, Scope, Shape, VersionedRows
from cardservice.storage.rows.making import Card, Order, StockMovement
from cardservice.storage.tables.making import cards, orders, stock_movements

_ORDER: Final = Shape(orders, Order)
_CARD: Final = Shape(cards, Card)
_MOVEMENT: Final = Shape(stock_movements, StockMovement)


class Orders(VersionedRows[Order]):
    """Cards to be made."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _ORDER, "order")

    def queue(self, region: str, state: str, ask: Ask = FIRST) -> Page[Order]:
        """Return orders in a state, the soonest due first; those without a date last."""
        is_in = orders.c.region == region, orders.c.state == state
        return self.page(self.select().where(*is_in), ("due_on", "id"), ask)

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


class Stock(Rows[StockMovement]):
    """Movements of blanks."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _MOVEMENT, "stock movement")

    def sums(self, region: str) -> Mapping[str, int]:
        """Return kind of movement → blanks moved that way, ever."""
        table = stock_movements.c
        wanted = select(table.kind, func.sum(table.quantity)).where(table.region == region)
        found = self.scope.connection.execute(wanted.group_by(table.kind))
        return {kind: int(quantity) for kind, quantity in found}

    def history(self, region: str, ask: Ask = FIRST) -> Page[StockMovement]:
        """Return all movements of a region, oldest first."""
        wanted = self.select().where(stock_movements.c.region == region)
        return self.page(wanted, ("id",), ask)
