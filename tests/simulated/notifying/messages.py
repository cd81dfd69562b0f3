"""A message to send, fictional."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cardservice.notifying.templates import render
from cardservice.registry.outbox_values import Message, Template

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
PARAMETERS = {"application": "A-1", "place": "ул. Учебная, 1"}


def message(**changes: Any) -> Message:
    given: dict[str, Any] = {
        "id": UUID("018f5f3c-1234-7abc-8def-0123456789ab"),
        "template": Template.READY_FOR_COLLECTION,
        "language": "ru",
        "created_at": START,
        "recipient": "person0@example.org",
        "text": render(Template.READY_FOR_COLLECTION, "ru", PARAMETERS),
        "parameters": PARAMETERS,
    }
    return Message(**{**given, **changes})
