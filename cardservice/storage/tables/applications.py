"""Applications and their documents."""

from typing import Final

from sqlalchemy import Index, Table, UniqueConstraint

from cardservice.storage.tables.columns import (
    ACTOR,
    LINE,
    day,
    due,
    identity,
    link,
    moment,
    octets,
    structure,
    versioned,
    whole,
    words,
)

HASH: Final = 32  # octets of SHA-256

applications: Final[Table] = versioned(
    "applications",
    words("number"),
    words("state"),
    words("channel"),
    words("reason"),
    words("category", null=True),
    identity("person_id", null=True),
    day("birth_date", null=True),
    structure("draft"),
    due("due_on"),
    words("source", ACTOR, null=True),
    words("entered_by", ACTOR),
    moment("entered_at"),
    moment("submitted_at", null=True),
    words("decided_by", ACTOR, null=True),
    moment("decided_at", null=True),
    words("ground", LINE, null=True),
    moment("updated_at"),
    link("person_id", "persons"),
    UniqueConstraint("region", "number"),
    UniqueConstraint("region", "source"),
    Index(None, "number", "birth_date"),
    Index(None, "region", "state", "due_on", "id"),
    Index(None, "region", "person_id"),
)

documents: Final[Table] = versioned(
    "documents",
    identity("application_id", null=True),
    identity("person_id", null=True),
    words("kind"),
    words("number", ACTOR, null=True),
    day("issued_on", null=True),
    words("issuer", LINE, null=True),
    day("expires_on", null=True),
    octets("content_hash", HASH, null=True),
    octets("wrapped_key", null=True),
    words("media_type", ACTOR, null=True),
    whole("size", null=True),
    words("uploaded_by", ACTOR),
    moment("uploaded_at"),
    moment("erased_at", null=True),
    link("application_id", "applications"),
    link("person_id", "persons"),
    Index(None, "region", "application_id"),
    Index(None, "region", "person_id"),
    Index(None, "content_hash"),
)
