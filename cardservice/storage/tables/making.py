"""Orders, cards, receipts and the stock of blanks."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Table, UniqueConstraint

from cardservice.storage.tables.columns import (
    ACTOR,
    LINE,
    REGION,
    count,
    day,
    due,
    ending,
    identity,
    link,
    metadata,
    moment,
    octets,
    record,
    region,
    versioned,
    whole,
    words,
)

CHIP_SERIAL: Final = 32  # octets, more than any chip has
BLANK_SERIAL: Final = 8  # octets of a blank's, as the chip tells it

orders: Final[Table] = versioned(
    "orders",
    identity("application_id", null=True),
    identity("policy_id"),
    identity("card_id", null=True),
    identity("place_id", null=True),
    words("work"),
    words("ground", LINE, null=True),
    words("state"),
    whole("new_card_number", null=True),
    moment("signed_at", null=True),
    words("spoiled_by", ACTOR, null=True),
    whole("spoiled_version", null=True),
    words("station", ACTOR, null=True),
    moment("leased_until", null=True),
    words("dispatch", null=True),
    count("attempts"),
    due("due_on"),
    moment("created_at"),
    moment("updated_at"),
    link("application_id", "applications"),
    link("policy_id", "policies"),
    link("place_id", "places"),
    Index(None, "region", "state", "due_on", "id"),
    Index(None, "region", "policy_id"),
    Index(None, "region", "application_id"),
    Index(None, "region", "dispatch"),
    Index(None, "region", "place_id", "state"),
)

cards: Final[Table] = versioned(
    "cards",
    whole("number"),
    octets("chip_serial", CHIP_SERIAL, null=True),
    identity("policy_id", null=True),
    identity("order_id", null=True),
    words("state"),
    words("reason", LINE, null=True),
    moment("signed_at", null=True),
    moment("activated_at", null=True),
    moment("terminated_at", null=True),
    day("valid_until", null=True),
    moment("created_at"),
    moment("updated_at"),
    link("policy_id", "policies"),
    link("order_id", "orders"),
    # A desk knows a card's number and not its region; the number is given out by region.
    UniqueConstraint("number", "region"),
    Index(None, "region", "policy_id"),
    Index(None, "region", "order_id"),
    ending("valid_until"),
)

# A number is known to desks without a region, so it is given out once in all of them: as with the
# numbers of policies, this narrow table keeps the promise and is not parted.
card_numbers: Final[Table] = Table(
    "card_numbers",
    metadata,
    Column("number", BigInteger(), primary_key=True, autoincrement=False),
    words("region", REGION),
    identity("order_id"),
    words("station", ACTOR),
    moment("at"),
    link("order_id", "orders"),
    Index(None, "region", "order_id"),
)

stock_movements: Final[Table] = record(
    "stock_movements",
    words("kind"),
    count("quantity"),
    octets("first_chip", BLANK_SERIAL, null=True),
    octets("last_chip", BLANK_SERIAL, null=True),
    identity("place_id", null=True),
    words("station", ACTOR, null=True),
    identity("order_id", null=True),
    words("batch", ACTOR, null=True),
    words("actor", ACTOR),
    words("ground", LINE, null=True),
    moment("at"),
    link("place_id", "places"),
    link("order_id", "orders"),
    Index(None, "region", "kind"),
    Index(None, "region", "order_id"),
    Index(None, "region", "place_id"),
    Index(None, "region", "station", "id"),
)

# What the movements come to, kept in their transaction: nobody adds up a history of years.
stock_totals: Final[Table] = Table(
    "stock_totals",
    metadata,
    region(),
    words("kind", key=True),
    words("station", ACTOR, key=True),
    whole("quantity"),
)

receipts: Final[Table] = record(
    "receipts",
    words("number"),
    identity("order_id"),
    identity("card_id"),
    identity("person_id"),
    identity("application_id", null=True),
    identity("place_id"),
    words("came"),
    words("shown"),
    words("old_card"),
    words("handed_by", ACTOR),
    moment("handed_at"),
    link("order_id", "orders"),
    link("card_id", "cards"),
    link("person_id", "persons"),
    link("application_id", "applications"),
    link("place_id", "places"),
    UniqueConstraint("region", "number"),
    Index(None, "region", "order_id"),
    Index(None, "region", "person_id"),
)
