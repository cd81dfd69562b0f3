"""Complaints with their attachments, and the outbox."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, insert, update

from cardservice.errors import Refusal
from cardservice.registry.outbox_values import (
    NoticeChannel,
    NoticeState,
    Notification,
    Template,
)
from cardservice.storage.errors import StaleError
from cardservice.storage.paging import FIRST, MAX_PAGE, Ask, Page, mark_after, page_values, paged
from cardservice.storage.repositories.base import Scope, Shape, VersionedRows
from cardservice.storage.rows.exchange import Complaint, ComplaintAttachment
from cardservice.storage.tables.exchange import (
    complaint_attachments,
    complaints,
    notifications,
)

_COMPLAINT: Final = Shape(complaints, Complaint)
_ATTACHMENT: Final = Shape(complaint_attachments, ComplaintAttachment)
_NOTIFICATION: Final = Shape(
    notifications,
    Notification,
    kinds={
        "channel": NoticeChannel,
        "template": Template,
        "state": NoticeState,
    },
)


class Complaints(VersionedRows[Complaint]):
    """Complaints and their answers."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _COMPLAINT, "complaint")

    def queue(self, region: str, state: str, ask: Ask = FIRST) -> Page[Complaint]:
        """Return complaints in a state, the soonest due first."""
        is_in = complaints.c.region == region, complaints.c.state == state
        return self.page(self.select().where(*is_in), ("due_on", "id"), ask)

    def by_number(self, region: str, number: str) -> Complaint | None:
        """Return the complaint with this number, or None."""
        its = complaints.c.region == region, complaints.c.number == number
        found = self.all_of(self.select().where(*its))
        return found[0] if found else None

    def of_person(self, region: str, person_id: UUID) -> tuple[Complaint, ...]:
        """Return a person's complaints, oldest first; at most 200."""
        return self._all(complaints.c.region == region, complaints.c.person_id == person_id)

    def of_application(self, region: str, application_id: UUID) -> tuple[Complaint, ...]:
        """Return the complaints about an application, oldest first; at most 200."""
        about = complaints.c.application_id == application_id
        return self._all(complaints.c.region == region, about)

    def _all(self, *those: ColumnElement[bool]) -> tuple[Complaint, ...]:
        wanted = self.select().where(*those).order_by(complaints.c.id)
        return self.all_of(wanted.limit(MAX_PAGE))


class ComplaintAttachments(VersionedRows[ComplaintAttachment]):
    """What came with complaints."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _ATTACHMENT, "attachment")

    def of_complaint(self, region: str, complaint_id: UUID) -> tuple[ComplaintAttachment, ...]:
        """Return the attachments of a complaint, in the order they came."""
        table = complaint_attachments.c
        its = table.region == region, table.complaint_id == complaint_id
        return self.all_of(self.select().where(*its).order_by(table.id))

    def with_content(self, content_hash: bytes) -> tuple[ComplaintAttachment, ...]:
        """Return attachments with this content; at most 200."""
        same = complaint_attachments.c.content_hash == content_hash
        return self.all_of(self.select().where(same).limit(MAX_PAGE))


class Notifications:
    """The outbox: ``OutboxStore``, in this transaction.

    Who sends takes a row by changing its state: the version lets one of two win.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, notification: Notification) -> None:
        """Store a new message."""
        self._scope.require_region(notification.region)
        self._scope.connection.execute(insert(notifications), [_NOTIFICATION.values(notification)])

    def get(self, region: str, notification_id: UUID) -> Notification:
        """Return a message; raises Refusal ``notification-unknown``."""
        wanted = _NOTIFICATION.selected.where(*_is(region, notification_id))
        found = self._scope.connection.execute(wanted).first()
        if found is None:
            raise Refusal("notification-unknown", "There is no such notification.")
        return _NOTIFICATION.value(found)

    def replace(self, notification: Notification) -> Notification:
        """Store a message in place of the one with its id; return it with its new version.

        Raises:
            StaleError: it was changed meanwhile.
        """
        self._scope.require_region(notification.region)
        changed = replace(notification, version=notification.version + 1)
        kept = update(notifications).where(
            *_is(notification.region, notification.id),
            notifications.c.version == notification.version,
        )
        values = _NOTIFICATION.values(changed)
        if self._scope.connection.execute(kept.values(values)).rowcount == 1:
            return changed
        self.get(notification.region, notification.id)
        raise StaleError

    def due(self, now: datetime, limit: int) -> tuple[Notification, ...]:
        """Return messages to be tried by ``now``, the oldest first; any region, at most 200."""
        return self._timed((NoticeState.QUEUED, NoticeState.FAILED), now, limit)

    def overdue(self, now: datetime, limit: int) -> tuple[Notification, ...]:
        """Return messages whose attempt should have ended by ``now``; any region, at most 200."""
        return self._timed((NoticeState.SENDING,), now, limit)

    def in_state(self, region: str, state: str, ask: Ask = FIRST) -> Page[Notification]:
        """Return messages in a state, the oldest first."""
        by = notifications.c.created_at, notifications.c.id
        is_in = notifications.c.region == region, notifications.c.state == state
        wanted = paged(_NOTIFICATION.selected.where(*is_in), by, first=ask.after is None)
        records = self._scope.connection.execute(wanted, page_values(by, ask)).all()
        rows = tuple(map(_NOTIFICATION.value, records[: ask.limit]))
        return Page(rows=rows, after=mark_after(records, by, ask))

    def about(self, region: str, subjects: Collection[str]) -> tuple[Notification, ...]:
        """Return messages about any of ``subjects``, the oldest first; at most 200."""
        table = notifications.c
        its = _NOTIFICATION.selected.where(table.region == region, table.about.in_(subjects))
        oldest = its.order_by(table.created_at, table.id).limit(MAX_PAGE)
        return tuple(map(_NOTIFICATION.value, self._scope.connection.execute(oldest)))

    def _timed(
        self, states: tuple[NoticeState, ...], now: datetime, limit: int
    ) -> tuple[Notification, ...]:
        table = notifications.c
        wanted = _NOTIFICATION.selected.where(table.state.in_(states), table.next_at <= now)
        oldest = wanted.order_by(table.next_at, table.id).limit(min(limit, MAX_PAGE))
        return tuple(map(_NOTIFICATION.value, self._scope.connection.execute(oldest)))


def _is(region: str, notification_id: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return notifications.c.region == region, notifications.c.id == notification_id
