"""Policies, their numbers and insurers, and temporary certificates."""

from typing import Final

from sqlalchemy import Index, Table, UniqueConstraint

from cardservice.domain.numbers import ENP_DIGITS, OGRN_DIGITS
from cardservice.storage.tables.columns import (
    LINE,
    REGION,
    day,
    ending,
    identity,
    link,
    metadata,
    moment,
    versioned,
    words,
)

CERTIFICATE_DIGITS: Final = 9

policies: Final[Table] = versioned(
    "policies",
    identity("person_id"),
    words("enp", ENP_DIGITS),
    words("state"),
    words("reason", LINE, null=True),
    day("opened_on"),
    day("closed_on", null=True),
    day("valid_until", null=True),
    moment("created_at"),
    link("person_id", "persons"),
    Index(None, "region", "person_id"),
    ending("valid_until"),
)

# An ENP is unique in the whole country. A table parted by region can only promise uniqueness inside
# a region, so the promise is kept by this narrow table, which is not parted; it also tells a
# look-up which part to go to.
policy_numbers: Final[Table] = Table(
    "policy_numbers",
    metadata,
    words("enp", ENP_DIGITS, key=True, octets=True),
    words("region", REGION),
    identity("id"),
    link("id", "policies"),
    UniqueConstraint("region", "id"),
)

policy_insurers: Final[Table] = versioned(
    "policy_insurers",
    identity("policy_id"),
    words("ogrn", OGRN_DIGITS),
    words("okato", REGION),
    day("start_date"),
    day("end_date", null=True),
    words("ground"),
    day("filed_on", null=True),
    moment("recorded_at"),
    link("policy_id", "policies"),
    UniqueConstraint("region", "policy_id", "start_date"),
)

temporary_certificates: Final[Table] = versioned(
    "temporary_certificates",
    words("number", CERTIFICATE_DIGITS),
    identity("application_id"),
    identity("person_id", null=True),
    words("state"),
    day("issued_on"),
    day("valid_until"),
    link("application_id", "applications"),
    link("person_id", "persons"),
    UniqueConstraint("region", "number"),
    Index(None, "region", "application_id"),
    Index(None, "region", "person_id"),
    Index(None, "region", "state", "valid_until"),
)
