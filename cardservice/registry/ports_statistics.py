"""Figures about orders, and lists that are added up: nothing of a person is in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from cardservice.registry.ports_base import FIRST, Ask, Page
from cardservice.registry.ports_making import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOnTheWay:
    """A dispatch list of which cards are still on their way.

    Attributes:
        orders: how many have not arrived.
    """

    dispatch: str
    place_id: UUID | None
    orders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersAtPlace:
    """How many orders of a state belong to a place."""

    place_id: UUID
    place: str
    state: str
    orders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A card that was handed over: when it was ordered, and when it was given."""

    ordered_at: datetime
    handed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A booked time, and which application comes."""

    starts_at: datetime
    minutes: int
    application_id: UUID
    number: str


class Statistics(Protocol):
    """What is counted; every answer is bounded, whatever the tables have grown to."""

    def open_orders(self, region: str) -> Mapping[str, int]:
        """Return state → orders that are neither handed over nor cancelled."""
        ...

    def by_place(self, region: str) -> tuple[OrdersAtPlace, ...]:
        """Return orders on their way to a place or waiting there; by the places' names."""
        ...

    def issued(self, region: str, *, since: datetime, limit: int) -> tuple[Issued, ...]:
        """Return cards handed over from ``since`` on, the last first; at most ``limit``."""
        ...

    def on_the_way(self, region: str) -> tuple[ListOnTheWay, ...]:
        """Return dispatch lists with cards on their way, the last list first; at most 200.

        They are counted of 20,000 cards at most.
        """
        ...

    def waiting(self, region: str, place_id: UUID, ask: Ask = FIRST) -> Page[Order]:
        """Return orders whose cards wait at a place, the longest waiting first."""
        ...

    def visits(
        self, region: str, place_id: UUID, *, from_: datetime, until: datetime
    ) -> tuple[Visit, ...]:
        """Return booked times at a place, the soonest first; at most 200."""
        ...
