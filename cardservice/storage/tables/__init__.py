"""The tables, in SQLAlchemy Core.

Core, not the ORM: a row is a frozen value, a change is one visible statement with its version, and
nothing is read because somebody touched an attribute.
"""

from cardservice.storage.tables import (
    access,
    applications,
    audit,
    clinics,
    exchange,
    making,
    people,
    places,
    policies,
    uploads,
)
from cardservice.storage.tables.columns import metadata

__all__ = [
    "access",
    "applications",
    "audit",
    "clinics",
    "exchange",
    "making",
    "metadata",
    "people",
    "places",
    "policies",
    "uploads",
]
