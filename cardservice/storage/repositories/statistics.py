"""Figures about orders: each by an index, or over a bounded number of rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from cardservice.domain.lives import ORDER, OrderState
from cardservice.registry.ports_statistics import Issued, ListOnTheWay, OrdersAtPlace, Visit
from cardservice.storage.paging import FIRST, MAX_PAGE, Ask, Page
from cardservice.storage.repositories.base import Scope
from cardservice.storage.repositories.making import Orders
from cardservice.storage.rows.making import Order
from cardservice.storage.tables.applications import applications
from cardservice.storage.tables.making import orders, receipts
from cardservice.storage.tables.places import bookings, places, slots

_OPEN: Final = tuple(one.value for one in OrderState if one not in ORDER.final)
_MOST_AWAY: Final = 20_000  # cards on their way that lists are counted of
_AT_PLACES: Final = (OrderState.IN_DELIVERY.value, OrderState.ARRIVED.value)


class Statistics:
    """What is counted."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def open_orders(self, region: str) -> Mapping[str, int]:
        """Return state → orders that are neither handed over nor cancelled."""
        table = orders.c
        wanted = select(table.state, func.count()).where(
            table.region == region, table.state.in_(_OPEN)
        )
        found = self.scope.connection.execute(wanted.group_by(table.state))
        return {state: number for state, number in found}  # noqa: C416 - rows are no pairs to mypy

    def by_place(self, region: str) -> tuple[OrdersAtPlace, ...]:
        """Return orders on their way to a place or waiting there; by the places' names."""
        here = (
            orders.c.region == places.c.region,
            orders.c.place_id == places.c.id,
            orders.c.state.in_(_AT_PLACES),
        )
        each = places.c.id, places.c.name, orders.c.state
        wanted = select(*each, func.count()).where(places.c.region == region, *here)
        found = self.scope.connection.execute(
            wanted.group_by(*each).order_by(places.c.name, places.c.id)
        )
        return tuple(
            OrdersAtPlace(place_id=id_, place=name, state=state, orders=number)
            for id_, name, state, number in found
        )

    def issued(self, region: str, *, since: datetime, limit: int) -> tuple[Issued, ...]:
        """Return cards handed over from ``since`` on, the last first; at most ``limit``."""
        # Ids grow with time: the last receipts are the end of the primary key, no history is read.
        last = (
            select(receipts.c.order_id, receipts.c.handed_at)
            .where(receipts.c.region == region)
            .order_by(receipts.c.id.desc())
            .limit(limit)
            .subquery()
        )
        its = orders.c.region == region, orders.c.id == last.c.order_id
        wanted = select(orders.c.created_at, last.c.handed_at).where(
            *its, last.c.handed_at >= since
        )
        found = self.scope.connection.execute(wanted)
        return tuple(Issued(ordered_at=ordered, handed_at=handed) for ordered, handed in found)

    def on_the_way(self, region: str) -> tuple[ListOnTheWay, ...]:
        """Return dispatch lists with cards on their way, the last list first; at most 200."""
        # The bound keeps the grouping from being done along the index of all lists there ever were.
        away = (
            select(orders.c.dispatch, orders.c.place_id)
            .where(
                orders.c.region == region,
                orders.c.state == OrderState.IN_DELIVERY.value,
                orders.c.dispatch.is_not(None),
            )
            .limit(_MOST_AWAY)
            .subquery()
        )
        each = away.c.dispatch, away.c.place_id
        wanted = select(*each, func.count()).group_by(*each).order_by(away.c.dispatch.desc())
        found = self.scope.connection.execute(wanted.limit(MAX_PAGE))
        return tuple(
            ListOnTheWay(dispatch=dispatch, place_id=place_id, orders=number)
            for dispatch, place_id, number in found
        )

    def waiting(self, region: str, place_id: UUID, ask: Ask = FIRST) -> Page[Order]:
        """Return orders whose cards wait at a place, the longest waiting first."""
        all_orders = Orders(self.scope)
        here = orders.c.region == region, orders.c.place_id == place_id
        arrived = orders.c.state == OrderState.ARRIVED.value
        wanted = all_orders.select().where(*here, arrived)
        return all_orders.page(wanted, ("updated_at", "id"), ask)

    def visits(
        self, region: str, place_id: UUID, *, from_: datetime, until: datetime
    ) -> tuple[Visit, ...]:
        """Return booked times at a place, the soonest first; at most 200."""
        here = slots.c.region == region, slots.c.place_id == place_id
        then = slots.c.starts_at >= from_, slots.c.starts_at < until
        its = (
            bookings.c.region == region,
            bookings.c.slot_id == slots.c.id,
            bookings.c.ended_at.is_(None),
            applications.c.region == region,
            applications.c.id == bookings.c.application_id,
        )
        wanted = select(
            *(slots.c.starts_at, slots.c.minutes, applications.c.id, applications.c.number)
        ).where(*here, *then, *its)
        found = self.scope.connection.execute(
            wanted.order_by(slots.c.starts_at, bookings.c.id).limit(MAX_PAGE)
        )
        return tuple(
            Visit(starts_at=at, minutes=minutes, application_id=id_, number=number)
            for at, minutes, id_, number in found
        )
