"""Orders, cards and the stock of blanks."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from cardservice.storage.rows.base import Record, Versioned


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Versioned):
    """One card to be made.

    Attributes:
        station, leased_until: who is making it, and until when nobody else may.
        dispatch: number of the dispatch list it travels with.
        attempts: cards that were begun for it, spoiled ones included.
    """

    application_id: UUID | None = None
    policy_id: UUID
    card_id: UUID | None = None
    place_id: UUID | None = None
    state: str
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
class StockMovement(Record):
    """Blanks that came, went to a station, were issued, spoiled or returned; never changed."""

    kind: str
    quantity: int
    place_id: UUID | None = None
    station: str | None = None
    order_id: UUID | None = None
    batch: str | None = None
    actor: str
    ground: str | None = None
    at: datetime
