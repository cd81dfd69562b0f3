"""The audit log. A region has a chain of its own, so that regions need not wait for each other."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Table

from cardservice.storage.tables.columns import (
    ACTOR,
    LINE,
    PAGE,
    metadata,
    moment,
    octets,
    region,
    structure,
    words,
)

HASH: Final = 32  # octets of SHA-256


def _number() -> Column[int]:
    # Not given out by the database: a gap would look like an entry taken away.
    return Column("number", BigInteger(), primary_key=True, autoincrement=False)


audit_entries: Final[Table] = Table(
    "audit_entries",
    metadata,
    region(),
    _number(),
    moment("at"),
    words("actor", LINE),
    words("role", ACTOR),
    words("action", ACTOR),
    words("subject_kind", ACTOR),
    words("subject_id", LINE),
    words("ground", LINE),
    structure("details", PAGE),
    octets("previous_hash", HASH),
    octets("hash", HASH),
    Index(None, "region", "subject_id", "number"),
)

audit_heads: Final[Table] = Table(
    "audit_heads",
    metadata,
    region(),
    _number(),
    octets("hash", HASH),
    moment("at"),
    words("key", ACTOR),
    octets("signature"),
)
