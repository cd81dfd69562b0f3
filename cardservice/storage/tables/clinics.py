"""Desks of clinics, what they tell of cards, and signs of abuse."""

from typing import Final

from sqlalchemy import Index, Table, UniqueConstraint

from cardservice.domain.numbers import OGRN_DIGITS
from cardservice.storage.tables.columns import (
    ACTOR,
    FORM,
    LINE,
    PAGE,
    count,
    day,
    identity,
    link,
    moment,
    octets,
    record,
    structure,
    truth,
    versioned,
    whole,
    words,
)

HASH: Final = 32  # octets of SHA-256 and of HMAC with it
CLIENT: Final = 64  # characters of a client id
FINGERPRINT: Final = 64  # characters of a request's fingerprint

clinic_desks: Final[Table] = versioned(
    "clinic_desks",
    identity("organisation_id"),
    words("name", ACTOR),
    words("client_id", CLIENT),
    octets("thumbprint", HASH),
    octets("public_key"),
    words("holder"),
    structure("rights", PAGE),
    words("enrolled_by", ACTOR),
    moment("enrolled_at"),
    moment("ended_at", null=True),
    words("ended_ground", LINE, null=True),
    link("organisation_id", "medical_organisations"),
    # A desk says who it is before its region is known.
    UniqueConstraint("client_id"),
    Index(None, "region", "organisation_id"),
    Index(None, "holder"),
)

desk_terminals: Final[Table] = versioned(
    "desk_terminals",
    words("ogrn", OGRN_DIGITS),
    words("clinic", ACTOR),
    words("desk", ACTOR),
    words("holder"),
    words("sequence"),
    words("fingerprint", FINGERPRINT),
    structure("rights", PAGE),
    day("not_before"),
    day("not_after"),
    octets("bundle", FORM),
    moment("enrolled_at"),
    moment("certified_at"),
    words("certified_by", ACTOR),
    words("reason", LINE),
    moment("ended_at", null=True),
    link("id", "clinic_desks"),
    # Cards know a terminal by its references alone, in whatever region it stands.
    UniqueConstraint("holder"),
    UniqueConstraint("ogrn", "id"),
    Index(None, "clinic", "desk"),
)

enrolment_codes: Final[Table] = versioned(
    "enrolment_codes",
    octets("code_hash", HASH),
    identity("organisation_id"),
    words("desk", ACTOR),
    structure("rights", PAGE),
    words("made_by", ACTOR),
    moment("made_at"),
    moment("expires_at"),
    moment("used_at", null=True),
    identity("desk_id", null=True),
    link("organisation_id", "medical_organisations"),
    link("desk_id", "clinic_desks"),
    UniqueConstraint("code_hash"),
    Index(None, "region", "expires_at"),
)

presentations: Final[Table] = record(
    "presentations",
    identity("desk_id"),
    identity("organisation_id"),
    identity("source_id"),
    octets("card_hash", HASH, null=True),
    moment("at"),
    words("grade"),
    words("outcome", null=True),
    words("reason", ACTOR),
    truth("offline"),
    count("wrong_numbers"),
    words("bearer", null=True),
    words("substitute", null=True),
    moment("received_at"),
    link("desk_id", "clinic_desks"),
    UniqueConstraint("region", "desk_id", "source_id"),
    # A card is presented wherever its holder is: it is looked for in all regions.
    Index(None, "card_hash", "at"),
    Index(None, "region", "desk_id", "at"),
    Index(None, "region", "received_at"),
)

substitutes: Final[Table] = record(
    "substitutes",
    identity("desk_id"),
    identity("source_id"),
    octets("question_hash", HASH),
    words("reason"),
    moment("at"),
    link("desk_id", "clinic_desks"),
    UniqueConstraint("region", "desk_id", "source_id"),
    Index(None, "region", "at"),
)

abuse_signs: Final[Table] = versioned(
    "abuse_signs",
    words("kind"),
    words("state"),
    octets("subject", HASH),
    identity("desk_id"),
    identity("organisation_id"),
    whole("card_number", null=True),
    moment("first_at"),
    moment("last_at"),
    count("occurrences"),
    structure("details", PAGE),
    moment("found_at"),
    words("note", PAGE, null=True),
    words("settled_by", ACTOR, null=True),
    moment("settled_at", null=True),
    link("desk_id", "clinic_desks"),
    Index(None, "region", "state", "id"),
    Index(None, "region", "kind", "subject", "last_at"),
)
