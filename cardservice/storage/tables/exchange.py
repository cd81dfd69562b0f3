"""Complaints and notifications."""

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
    words,
)

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

notifications: Final[Table] = versioned(
    "notifications",
    words("channel"),
    words("template", ACTOR),
    words("language"),
    octets("sealed", PAGE),
    words("masked", LINE),
    moment("created_at"),
    words("state"),
    moment("next_at", null=True),
    moment("until", null=True),
    count("attempts"),
    words("reason", ACTOR),
    Index(None, "state", "next_at"),
    Index(None, "region", "state", "created_at", "id"),
)
