"""Points of issue with their bookings, and medical organisations."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cardservice.storage.rows.base import Json, Versioned


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Versioned):
    """A point of issue."""

    name: str
    address: str
    hours: Json
    services: Json
    collects: bool
    phone: str | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot(Versioned):
    """A time at a place that ``capacity`` people can book, of whom ``booked`` have."""

    place_id: UUID
    starts_at: datetime
    minutes: int
    capacity: int
    booked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking(Versioned):
    """Who comes at that time; ended ones keep their row."""

    slot_id: UUID
    application_id: UUID
    booked_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicalOrganisation(Versioned):
    """A clinic that takes part in the programme, or did until ``left_on``."""

    name: str
    ogrn: str
    place: str
    address: str
    services: Json
    joined_on: date
    left_on: date | None = None
