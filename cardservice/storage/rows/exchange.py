"""What people send us: complaints. Notifications are values of ``cardservice.registry``."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from cardservice.storage.rows.base import Versioned


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
