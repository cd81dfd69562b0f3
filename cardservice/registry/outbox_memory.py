"""An outbox that forgets with its process: for tests and demonstrations only."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from cardservice.errors import Refusal, UsageError
from cardservice.registry.outbox_values import NoticeState, Notification


class InsecureMemoryOutboxStore:
    """The port ``OutboxStore`` in memory; raises UsageError in production."""

    def __init__(self, *, production: bool) -> None:
        if production:
            raise UsageError(f"{type(self).__name__} forgets; set up a database")
        self._rows: dict[tuple[str, UUID], Notification] = {}
        self._lock = threading.Lock()

    def add(self, notification: Notification) -> None:
        self._rows[notification.region, notification.id] = notification

    def get(self, region: str, notification_id: UUID) -> Notification:
        try:
            return self._rows[region, notification_id]
        except KeyError:
            raise Refusal("notification-unknown", "There is no such notification.") from None

    def replace(self, notification: Notification) -> Notification:
        with self._lock:
            kept = self.get(notification.region, notification.id)
            if kept.version != notification.version:
                raise Refusal("stale", "The notification was changed in the meantime.")
            changed = replace(notification, version=notification.version + 1)
            self._rows[notification.region, notification.id] = changed
        return changed

    def due(self, now: datetime, limit: int) -> Sequence[Notification]:
        return self._before((NoticeState.QUEUED, NoticeState.FAILED), now, limit)

    def overdue(self, now: datetime, limit: int) -> Sequence[Notification]:
        return self._before((NoticeState.SENDING,), now, limit)

    def _before(
        self, states: tuple[NoticeState, ...], now: datetime, limit: int
    ) -> Sequence[Notification]:
        timed = [
            (one.next_at, one)
            for one in self._rows.values()
            if one.state in states and one.next_at is not None and one.next_at <= now
        ]
        return [one for _, one in sorted(timed, key=lambda pair: pair[0])][:limit]
