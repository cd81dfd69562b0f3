"""Points of issue with their bookings, and medical organisations."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from cardservice.registry.ports_base import FIRST, Ask, Json, Page, Versioned, VersionedRows


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


class Places(VersionedRows[Place], Protocol):
    """Points of issue."""

    def of_region(self, region: str, ask: Ask = FIRST) -> Page[Place]:
        """Return the places of a region by name, closed ones too."""
        ...


class Slots(VersionedRows[Slot], Protocol):
    """Times that can be booked."""

    def free(self, region: str, place_id: UUID, *, from_: datetime, ask: Ask = FIRST) -> Page[Slot]:
        """Return times at a place that have room, the soonest first."""
        ...


class Bookings(VersionedRows[Booking], Protocol):
    """Who comes when."""

    def of_slot(self, region: str, slot_id: UUID) -> tuple[Booking, ...]:
        """Return the bookings of a time, ended ones too."""
        ...

    def of_application(self, region: str, application_id: UUID) -> tuple[Booking, ...]:
        """Return the bookings for an application, ended ones too."""
        ...


class MedicalOrganisations(VersionedRows[MedicalOrganisation], Protocol):
    """Clinics of the programme."""

    def search(self, region: str, text: str = "", ask: Ask = FIRST) -> Page[MedicalOrganisation]:
        """Return clinics of a region that have every word of ``text``."""
        ...
