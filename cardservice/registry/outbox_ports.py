"""What the outbox asks of the outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from cardservice.registry.outbox_values import Message, Notification, Outcome


class OutboxStore(Protocol):
    """Notifications, kept. Each method is whole on the disk when it returns, or did nothing."""

    def add(self, notification: Notification) -> None:
        """Keep a new one, in the transaction of what it tells of."""
        ...

    def get(self, region: str, notification_id: UUID) -> Notification:
        """Return one; raises Refusal ``notification-unknown``."""
        ...

    def replace(self, notification: Notification) -> Notification:
        """Return the notification as kept, its version one higher.

        Raises:
            Refusal: ``stale``: the kept one has another version than ``notification``.
        """
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Notification]:
        """Return those ``queued`` or ``failed`` whose ``next_at`` has come, the oldest first."""
        ...

    def overdue(self, now: datetime, limit: int) -> Sequence[Notification]:
        """Return those ``sending`` whose ``next_at`` has passed."""
        ...


class Sender(Protocol):
    """One way out."""

    def send(self, message: Message, *, timeout_s: float) -> Outcome:
        """Return what one attempt came to, within about that time; an error means unknown."""
        ...


class Sealer(Protocol):
    """Keeps personal data unreadable for whoever has only the database."""

    def seal(self, plain: bytes, *, context: bytes) -> bytes:
        """Return ``plain`` encrypted and bound to ``context``."""
        ...

    def open(self, sealed: bytes, *, context: bytes) -> bytes:
        """Return what was sealed; raises SealError."""
        ...
