"""What people send us: complaints. Notifications are the outbox's."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from cardservice.registry.ports_base import FIRST, Ask, Page, Versioned, VersionedRows


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint(Versioned):
    """A complaint, answered by ``due_on`` or late."""

    number: str
    person_id: UUID | None = None
    application_id: UUID | None = None
    state: str
    text: str = field(repr=False)
    contact: bytes | None = field(default=None, repr=False)
    answer: str | None = field(default=None, repr=False)
    received_at: datetime
    due_on: date
    answered_by: str | None = None
    answered_at: datetime | None = None


class Complaints(VersionedRows[Complaint], Protocol):
    """Complaints and their answers."""

    def queue(self, region: str, state: str, ask: Ask = FIRST) -> Page[Complaint]:
        """Return complaints in a state, the soonest due first."""
        ...

    def by_number(self, region: str, number: str) -> Complaint | None:
        """Return the complaint with this number, or None."""
        ...
