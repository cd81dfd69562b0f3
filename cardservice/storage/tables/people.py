"""Persons, what they agreed to, and who looked at them."""

from typing import Final

from sqlalchemy import Index, Table, text

from cardservice.domain.texts import (
    BIRTH_PLACE_LENGTH,
    COUNTRY_CODE_LENGTH,
    COUNTRY_NAME_LENGTH,
    NAME_LENGTH,
)
from cardservice.storage.tables.columns import (
    ACTOR,
    LINE,
    day,
    identity,
    link,
    moment,
    record,
    versioned,
    words,
)

SNILS_LENGTH: Final = 14  # characters of NNN-NNN-NNN CC
NAME_KEY_LENGTH: Final = 400  # characters; a key is cut there, three names of 60 have room

persons: Final[Table] = versioned(
    "persons",
    words("surname", NAME_LENGTH),
    words("given_name", NAME_LENGTH),
    words("patronymic", NAME_LENGTH, null=True),
    words("sex"),
    day("birth_date"),
    words("birth_place", BIRTH_PLACE_LENGTH, null=True),
    words("citizenship_code", COUNTRY_CODE_LENGTH, null=True),
    words("citizenship_name", COUNTRY_NAME_LENGTH, null=True),
    words("category"),
    words("snils", SNILS_LENGTH, null=True),
    words("address", LINE, null=True),
    words("phone", LINE, null=True),
    words("email", LINE, null=True),
    identity("merged_into", null=True),
    moment("created_at"),
    moment("erased_at", null=True),
    words("name_key", NAME_KEY_LENGTH, octets=True),
    link("merged_into", "persons"),
    # Each ends with the primary key, so that a page begins where the last one ended.
    Index(None, "name_key", "region", "id"),
    Index(None, "birth_date", "name_key", "region", "id"),
    Index(None, "snils"),
    Index(None, "region", "merged_into"),
)

consents: Final[Table] = versioned(
    "consents",
    identity("person_id", null=True),
    identity("application_id", null=True),
    words("purpose"),
    words("wording", ACTOR),
    words("channel"),
    moment("given_at"),
    moment("withdrawn_at", null=True),
    link("person_id", "persons"),
    link("application_id", "applications"),
    Index(None, "region", "person_id"),
    Index(None, "region", "application_id"),
)

# Most looks are at persons: the index of the others stays small.
_AT_APPLICATION: Final = text("application_id IS NOT NULL")

looks: Final[Table] = record(
    "looks",
    identity("person_id", null=True),
    identity("application_id", null=True),
    words("actor", ACTOR),
    words("role"),
    words("reason", LINE),
    moment("at"),
    Index(None, "region", "person_id", "at"),
    Index(
        None,
        *("region", "application_id", "at"),
        postgresql_where=_AT_APPLICATION,
        sqlite_where=_AT_APPLICATION,
    ),
    Index(None, "actor", "at"),
)
