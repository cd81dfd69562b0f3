"""How columns and tables are written here: each kind of column once."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Uuid,
    text,
)
from sqlalchemy.sql.schema import SchemaItem

from cardservice.storage.rows.base import Json
from cardservice.storage.tables.types import DueDay, Moment, Structure, Words

REGION: Final = 5  # digits of an OKATO region
STATE: Final = 32  # characters of a name of ours: states, kinds, channels, codes
ACTOR: Final = 100  # characters of an account's, station's or program's name
LINE: Final = 300  # characters of an address, title or ground
PAGE: Final = 10_000  # characters of a letter
FORM: Final = 100_000  # characters of a form as JSON
SEALED: Final = 2_000  # octets of something short, sealed

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_1_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def words(
    name: str, limit: int = STATE, *, null: bool = False, key: bool = False, octets: bool = False
) -> Column[str]:
    """Return a column of texts; ``octets``: sorted by octet, so that an index serves prefixes."""
    kind = Words(limit, field=name, sorted_by_octet=octets)
    return Column(name, kind, nullable=null, primary_key=key)


def region() -> Column[str]:
    """Return the first column of every primary key."""
    return words("region", REGION, key=True)


def identity(name: str, *, null: bool = False, key: bool = False) -> Column[UUID]:
    """Return a column of ids."""
    return Column(name, Uuid(), nullable=null, primary_key=key)


def moment(name: str, *, null: bool = False) -> Column[datetime]:
    """Return a column of instants."""
    return Column(name, Moment(), nullable=null)


def day(name: str, *, null: bool = False) -> Column[date]:
    """Return a column of dates."""
    return Column(name, Date(), nullable=null)


def due(name: str) -> Column[date]:
    """Return a column of dates by which something is due; None sorts last."""
    return Column(name, DueDay(), nullable=False)


def whole(name: str, *, null: bool = False) -> Column[int]:
    """Return a column of whole numbers of 64 bits."""
    return Column(name, BigInteger(), nullable=null)


def count(name: str) -> Column[int]:
    """Return a column of small whole numbers."""
    return Column(name, Integer(), nullable=False)


def truth(name: str) -> Column[bool]:
    """Return a column of yes or no."""
    return Column(name, Boolean(), nullable=False)


def octets(
    name: str, limit: int = SEALED, *, null: bool = False, key: bool = False
) -> Column[bytes]:
    """Return a column of octet strings."""
    return Column(name, LargeBinary(limit), nullable=null, primary_key=key)


def structure(name: str, limit: int = FORM) -> Column[Json]:
    """Return a column of JSON of at most ``limit`` characters."""
    return Column(name, Structure(limit, field=name), nullable=False)


def record(name: str, *items: SchemaItem) -> Table:
    """Return a table of rows that are written once."""
    return Table(name, metadata, region(), identity("id", key=True), *items)


def versioned(name: str, *items: SchemaItem) -> Table:
    """Return a table of rows that change, each change counted."""
    return record(name, count("version"), *items)


def link(column: str, table: str) -> ForeignKeyConstraint:
    """Return the rule that ``column`` names a row of ``table`` in the same region, or nothing."""
    return ForeignKeyConstraint(["region", column], [f"{table}.region", f"{table}.id"])


def ending(column: str) -> Index:
    """Return the index of what ends on a day, by state; what never ends is not in it."""
    ends = text(f"{column} IS NOT NULL")
    return Index(None, "region", "state", column, postgresql_where=ends, sqlite_where=ends)
