"""Tables of people that employers sent, and what became of each row."""

from typing import Final

from sqlalchemy import Index, Table, UniqueConstraint

from cardservice.storage.tables.columns import (
    ACTOR,
    LINE,
    PAGE,
    count,
    identity,
    link,
    moment,
    octets,
    record,
    structure,
    versioned,
    words,
)

HASH: Final = 32  # octets of SHA-256

uploads: Final[Table] = versioned(
    "uploads",
    words("sender", ACTOR),
    words("name", LINE),
    octets("content_hash", HASH),
    words("state"),
    count("rows"),
    count("taken"),
    count("known"),
    count("refused"),
    moment("received_at"),
    moment("done_at", null=True),
    Index(None, "region", "sender", "content_hash"),
    Index(None, "region", "received_at", "id"),
    Index(None, "region", "sender", "received_at", "id"),
)

upload_rows: Final[Table] = record(
    "upload_rows",
    identity("upload_id"),
    count("number"),
    words("source", ACTOR, null=True),
    identity("application_id", null=True),
    structure("findings", PAGE),
    link("upload_id", "uploads"),
    link("application_id", "applications"),
    UniqueConstraint("region", "upload_id", "number"),
    Index(None, "region", "application_id"),
)
