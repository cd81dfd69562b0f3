"""Complaints with their attachments, and notifications."""

from typing import Final

from sqlalchemy import Index, Table, UniqueConstraint

from cardservice.storage.tables.columns import (
    ACTOR,
    LINE,
    PAGE,
    count,
    day,
    identity,
    link,
    moment,
    octets,
    versioned,
    whole,
    words,
)

HASH: Final = 32  # octets of SHA-256

complaints: Final[Table] = versioned(
    "complaints",
    words("number"),
    identity("person_id", null=True),
    identity("application_id", null=True),
    words("state"),
    words("text", PAGE),
    octets("contact", null=True),
    words("answer", PAGE, null=True),
    moment("received_at"),
    day("due_on"),
    words("answered_by", ACTOR, null=True),
    moment("answered_at", null=True),
    link("person_id", "persons"),
    link("application_id", "applications"),
    UniqueConstraint("region", "number"),
    Index(None, "region", "state", "due_on", "id"),
    Index(None, "region", "person_id"),
    Index(None, "region", "application_id"),
)

complaint_attachments: Final[Table] = versioned(
    "complaint_attachments",
    identity("complaint_id"),
    octets("content_hash", HASH, null=True),
    octets("wrapped_key", null=True),
    words("media_type", ACTOR),
    whole("size"),
    words("uploaded_by", ACTOR),
    moment("uploaded_at"),
    moment("erased_at", null=True),
    link("complaint_id", "complaints"),
    Index(None, "region", "complaint_id"),
    Index(None, "content_hash"),
)

notifications: Final[Table] = versioned(
    "notifications",
    words("channel"),
    words("template", ACTOR),
    words("language"),
    octets("sealed", PAGE),
    words("masked", LINE),
    words("about", null=True),
    moment("created_at"),
    words("state"),
    moment("next_at", null=True),
    moment("until", null=True),
    count("attempts"),
    words("reason", ACTOR),
    Index(None, "state", "next_at"),
    Index(None, "region", "state", "created_at", "id"),
    Index(None, "region", "about"),
)
