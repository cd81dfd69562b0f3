"""Points of issue with their bookings, and medical organisations."""

from typing import Final

from sqlalchemy import Index, Table, UniqueConstraint

from cardservice.domain.numbers import OGRN_DIGITS
from cardservice.storage.tables.columns import (
    LINE,
    PAGE,
    count,
    day,
    identity,
    link,
    moment,
    structure,
    truth,
    versioned,
    words,
)

places: Final[Table] = versioned(
    "places",
    words("name", LINE),
    words("address", LINE),
    structure("hours", PAGE),
    structure("services", PAGE),
    truth("collects"),
    words("phone", LINE, null=True),
    day("closed_on", null=True),
    Index(None, "region", "name"),
)

slots: Final[Table] = versioned(
    "slots",
    identity("place_id"),
    moment("starts_at"),
    count("minutes"),
    count("capacity"),
    count("booked"),
    link("place_id", "places"),
    UniqueConstraint("region", "place_id", "starts_at"),
)

bookings: Final[Table] = versioned(
    "bookings",
    identity("slot_id"),
    identity("application_id"),
    moment("booked_at"),
    moment("ended_at", null=True),
    link("slot_id", "slots"),
    link("application_id", "applications"),
    Index(None, "region", "slot_id"),
    Index(None, "region", "application_id"),
)

medical_organisations: Final[Table] = versioned(
    "medical_organisations",
    words("name", LINE),
    words("ogrn", OGRN_DIGITS),
    words("place", LINE),
    words("address", LINE),
    structure("services", PAGE),
    day("joined_on"),
    day("left_on", null=True),
    # The normal form of name, place and services, to be searched word by word.
    words("search_key", PAGE),
    Index(None, "ogrn"),
    Index(None, "region", "name"),
)
