"""Points of issue, bookings, medical organisations."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from typing_extensions import override

from cardservice.domain.search_text import search_form
from cardservice.storage.paging import FIRST, Ask, Page
from cardservice.storage.repositories.base import Scope, Shape, VersionedRows
from cardservice.storage.rows.base import Json
from cardservice.storage.rows.places import Booking, MedicalOrganisation, Place, Slot
from cardservice.storage.tables.columns import PAGE
from cardservice.storage.tables.places import bookings, medical_organisations, places, slots

_PLACE: Final = Shape(places, Place)
_SLOT: Final = Shape(slots, Slot)
_BOOKING: Final = Shape(bookings, Booking)
_ORGANISATION: Final = Shape(medical_organisations, MedicalOrganisation)
_MAX_WORDS: Final = 8  # of a search; each costs a comparison a row


class Places(VersionedRows[Place]):
    """Points of issue."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _PLACE, "place")

    def of_region(self, region: str, ask: Ask = FIRST) -> Page[Place]:
        """Return the places of a region by name, closed ones too."""
        return self.page(self.select().where(places.c.region == region), ("name", "id"), ask)


class Slots(VersionedRows[Slot]):
    """Times that can be booked."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _SLOT, "time")

    def free(self, region: str, place_id: UUID, *, from_: datetime, ask: Ask = FIRST) -> Page[Slot]:
        """Return times at a place that have room, the soonest first."""
        table = slots.c
        here = table.region == region, table.place_id == place_id
        wanted = self.select().where(*here, table.starts_at >= from_, table.booked < table.capacity)
        return self.page(wanted, ("starts_at", "id"), ask)


class Bookings(VersionedRows[Booking]):
    """Who comes when."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _BOOKING, "booking")

    def of_slot(self, region: str, slot_id: UUID) -> tuple[Booking, ...]:
        """Return the bookings of a time, ended ones too."""
        its = bookings.c.region == region, bookings.c.slot_id == slot_id
        return self.all_of(self.select().where(*its).order_by(bookings.c.id))

    def of_application(self, region: str, application_id: UUID) -> tuple[Booking, ...]:
        """Return the bookings for an application, ended ones too."""
        its = bookings.c.region == region, bookings.c.application_id == application_id
        return self.all_of(self.select().where(*its).order_by(bookings.c.id))


class MedicalOrganisations(VersionedRows[MedicalOrganisation]):
    """Clinics of the programme."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _ORGANISATION, "medical organisation")

    @override
    def stored(self, row: MedicalOrganisation) -> dict[str, Any]:
        said = " ".join([row.name, row.place, row.address, *_texts(row.services)])
        return {**self.shape.values(row), "search_key": search_form(said)[:PAGE]}

    def search(self, region: str, text: str = "", ask: Ask = FIRST) -> Page[MedicalOrganisation]:
        """Return clinics of a region that have every word of ``text`` in name, place or services.

        A word may be the beginning or the middle of one; the first eight count.
        """
        table = medical_organisations.c
        words = search_form(text[:PAGE]).split()[:_MAX_WORDS]
        has_all = [table.search_key.contains(word, autoescape=True) for word in words]
        wanted = self.select().where(table.region == region, *has_all)
        return self.page(wanted, ("name", "id"), ask)


def _texts(value: Json) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | tuple):
        return [text for one in value for text in _texts(one)]
    return []
