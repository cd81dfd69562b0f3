"""The outbox for who sends: ``OutboxStore``, every call on the disk when it returns.

Who adds a message does it in the transaction of what it tells of: ``Work.notifications``.
"""

from datetime import datetime
from uuid import UUID

from cardservice.registry.outbox_values import Notification
from cardservice.storage.engine import Database


class DatabaseOutbox:
    """Messages of all regions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, notification: Notification) -> None:
        """Store a new message by itself."""
        self._database.transaction(
            lambda work: work.notifications.add(notification),
            region=notification.region,
            alone=False,
        )

    def get(self, region: str, notification_id: UUID) -> Notification:
        """Return a message; raises Refusal ``notification-unknown``."""
        with self._database.reading() as work:
            return work.notifications.get(region, notification_id)

    def replace(self, notification: Notification) -> Notification:
        """Store a change; raises StaleError when somebody else changed it first."""
        return self._database.transaction(
            lambda work: work.notifications.replace(notification),
            region=notification.region,
            alone=False,
        )

    def due(self, now: datetime, limit: int) -> tuple[Notification, ...]:
        """Return messages to be tried by ``now``."""
        with self._database.reading() as work:
            return work.notifications.due(now, limit)

    def overdue(self, now: datetime, limit: int) -> tuple[Notification, ...]:
        """Return messages whose attempt should have ended by ``now``."""
        with self._database.reading() as work:
            return work.notifications.overdue(now, limit)
