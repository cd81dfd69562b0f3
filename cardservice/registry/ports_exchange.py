"""What people send us: complaints; and what we send them: the outbox's notifications."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from cardservice.registry.outbox_ports import OutboxStore
from cardservice.registry.outbox_values import Notification
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintAttachment(Versioned):
    """A file that came with a complaint.

    Attributes:
        content_hash: 32 octets, keyed by the installation; names the encrypted file. None once
            it is erased.
        size: octets of the file in clear.
    """

    complaint_id: UUID
    content_hash: bytes | None = None
    wrapped_key: bytes | None = field(default=None, repr=False)
    media_type: str
    size: int
    uploaded_by: str
    uploaded_at: datetime
    erased_at: datetime | None = None


class Complaints(VersionedRows[Complaint], Protocol):
    """Complaints and their answers."""

    def queue(self, region: str, state: str, ask: Ask = FIRST) -> Page[Complaint]:
        """Return complaints in a state, the soonest due first."""
        ...

    def by_number(self, region: str, number: str) -> Complaint | None:
        """Return the complaint with this number, or None."""
        ...

    def of_person(self, region: str, person_id: UUID) -> tuple[Complaint, ...]:
        """Return a person's complaints, oldest first; at most 200."""
        ...

    def of_application(self, region: str, application_id: UUID) -> tuple[Complaint, ...]:
        """Return the complaints about an application, oldest first; at most 200."""
        ...


class ComplaintAttachments(VersionedRows[ComplaintAttachment], Protocol):
    """What came with complaints."""

    def of_complaint(self, region: str, complaint_id: UUID) -> tuple[ComplaintAttachment, ...]:
        """Return the attachments of a complaint, in the order they came."""
        ...

    def with_content(self, content_hash: bytes) -> tuple[ComplaintAttachment, ...]:
        """Return attachments with this content; at most 200."""
        ...


class Notices(OutboxStore, Protocol):
    """The outbox, in the transaction of what it tells of."""

    def about(self, region: str, subjects: Collection[str]) -> tuple[Notification, ...]:
        """Return messages about applications or complaints (numbers), oldest first; at most 200."""
        ...
