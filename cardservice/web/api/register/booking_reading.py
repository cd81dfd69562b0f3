"""Booked times as programs see them: by id, and those of an application."""

from datetime import datetime
from uuid import UUID

from cardservice.registry.ports import Work
from cardservice.registry.ports_places import Booking
from cardservice.web.api.common import Model
from cardservice.web.office.asking import Asking


class BookingShown(Model):
    """A time that was booked for an application; ``ended_at``: they do not come after all."""

    id: UUID
    version: int
    application_id: UUID
    slot_id: UUID
    place_id: UUID
    starts_at: datetime
    minutes: int
    booked_at: datetime
    ended_at: datetime | None


def booking_of(asking: Asking, booking_id: UUID) -> BookingShown:
    """Return a booking; raises Refusal ``not-found``."""
    with asking.office.database.reading() as work:
        return _shown(work, work.bookings.get(asking.region, booking_id))


def bookings_for(asking: Asking, application_id: UUID) -> list[BookingShown]:
    """Return the bookings for an application, ended ones too; raises Refusal ``not-found``."""
    with asking.office.database.reading() as work:
        work.applications.get(asking.region, application_id)
        found = work.bookings.of_application(asking.region, application_id)
        return [_shown(work, one) for one in found]


def _shown(work: Work, booking: Booking) -> BookingShown:
    slot = work.slots.get(booking.region, booking.slot_id)
    return BookingShown(
        id=booking.id,
        version=booking.version,
        application_id=booking.application_id,
        slot_id=slot.id,
        place_id=slot.place_id,
        starts_at=slot.starts_at,
        minutes=slot.minutes,
        booked_at=booking.booked_at,
        ended_at=booking.ended_at,
    )
