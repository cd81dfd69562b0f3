"""Accounts, sessions, idempotency keys, and counters for numbers given out.

What is looked up by a secret or a name, before a region is known, has that for its key or a unique
one of its own: such tables are small and never parted.
"""

from typing import Final

from sqlalchemy import Index, Table, UniqueConstraint

from cardservice.storage.tables.columns import (
    ACTOR,
    FORM,
    LINE,
    PAGE,
    REGION,
    count,
    identity,
    metadata,
    moment,
    octets,
    record,
    region,
    structure,
    truth,
    versioned,
    whole,
    words,
)

HASH: Final = 32  # octets of SHA-256
KEY: Final = 200  # characters of an idempotency key

accounts: Final[Table] = versioned(
    "accounts",
    words("name", ACTOR),
    structure("roles", PAGE),
    words("password_hash", LINE, null=True),
    moment("password_at", null=True),
    octets("second_factor", null=True),
    whole("last_step", null=True),
    octets("pending", null=True),
    structure("recovery", PAGE),
    words("issuer", LINE, null=True),
    words("subject", LINE, null=True),
    truth("disabled"),
    UniqueConstraint("name"),
    UniqueConstraint("issuer", "subject"),
)

sessions: Final[Table] = Table(
    "sessions",
    metadata,
    octets("token_hash", HASH, key=True),
    words("region", REGION),
    identity("subject_id"),
    words("label", LINE),
    structure("roles", PAGE),
    words("stage"),
    moment("authenticated_at"),
    moment("seen_at"),
    Index(None, "subject_id"),
    Index(None, "authenticated_at"),
)

attempts: Final[Table] = Table(
    "attempts",
    metadata,
    octets("key", HASH, key=True),
    whole("failures"),
    moment("last_at"),
    moment("not_before"),
    Index(None, "last_at"),
)

challenges: Final[Table] = Table(
    "challenges",
    metadata,
    octets("id", HASH, key=True),
    words("region", REGION),
    identity("subject", null=True),
    octets("code_mac", HASH),
    moment("until"),
    count("tries_left"),
    Index(None, "until"),
)

api_tokens: Final[Table] = record(
    "api_tokens",
    words("label", LINE),
    words("role"),
    structure("scopes", PAGE),
    words("prefix"),
    octets("token_hash", HASH),
    moment("created_at"),
    moment("expires_at"),
    moment("revoked_at", null=True),
    UniqueConstraint("token_hash"),
)

idempotency_keys: Final[Table] = Table(
    "idempotency_keys",
    metadata,
    region(),
    words("actor", ACTOR, key=True),
    words("key", KEY, key=True),
    octets("request_hash", HASH),
    count("status"),
    structure("answer", FORM),
    moment("at"),
    Index(None, "at"),
)

counters: Final[Table] = Table(
    "counters",
    metadata,
    region(),
    words("name", key=True),
    whole("value"),
)
