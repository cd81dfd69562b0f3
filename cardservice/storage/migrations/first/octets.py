"""A text that is sorted by octet on both databases."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


def octet_sorted(limit: int) -> sa.String:
    """Return the type of texts up to ``limit`` characters whose index serves prefixes."""
    return sa.String(limit).with_variant(sa.String(limit, collation="C"), postgresql.dialect.name)
