"""Desks of clinics, codes to enrol them, presentations, substitutes, and signs of abuse."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_HASH = 32


def upgrade() -> None:
    """Make the tables."""
    _create_desks()
    _create_codes()
    _create_presentations()
    _create_substitutes()
    _create_signs()


def _create_desks() -> None:
    op.create_table(
        "clinic_desks",
        *_versioned(),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("thumbprint", sa.LargeBinary(_HASH), nullable=False),
        sa.Column("public_key", sa.LargeBinary(2000), nullable=False),
        sa.Column("holder", sa.String(32), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("enrolled_by", sa.String(100), nullable=False),
        _moment("enrolled_at"),
        _moment("ended_at", null=True),
        sa.Column("ended_ground", sa.String(300)),
        sa.PrimaryKeyConstraint("region", "id", name="pk_clinic_desks"),
        _link("clinic_desks", "organisation_id", "medical_organisations"),
        sa.UniqueConstraint("client_id", name="uq_clinic_desks_client_id"),
    )
    _index("clinic_desks", "region", "organisation_id")


def _create_codes() -> None:
    op.create_table(
        "enrolment_codes",
        *_versioned(),
        sa.Column("code_hash", sa.LargeBinary(_HASH), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("desk", sa.String(100), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(100), nullable=False),
        _moment("made_at"),
        _moment("expires_at"),
        _moment("used_at", null=True),
        sa.Column("desk_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("region", "id", name="pk_enrolment_codes"),
        _link("enrolment_codes", "organisation_id", "medical_organisations"),
        _link("enrolment_codes", "desk_id", "clinic_desks"),
        sa.UniqueConstraint("code_hash", name="uq_enrolment_codes_code_hash"),
    )
    _index("enrolment_codes", "region", "expires_at")


def _create_presentations() -> None:
    op.create_table(
        "presentations",
        *_record(),
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("card_hash", sa.LargeBinary(_HASH)),
        _moment("at"),
        sa.Column("grade", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(32)),
        sa.Column("reason", sa.String(100), nullable=False),
        sa.Column("offline", sa.Boolean(), nullable=False),
        sa.Column("wrong_numbers", sa.Integer(), nullable=False),
        sa.Column("bearer", sa.String(32)),
        sa.Column("substitute", sa.String(32)),
        _moment("received_at"),
        sa.PrimaryKeyConstraint("region", "id", name="pk_presentations"),
        _link("presentations", "desk_id", "clinic_desks"),
        _once("presentations"),
    )
    _index("presentations", "card_hash", "at")
    _index("presentations", "region", "desk_id", "at")
    _index("presentations", "region", "received_at")


def _create_substitutes() -> None:
    op.create_table(
        "substitutes",
        *_record(),
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("question_hash", sa.LargeBinary(_HASH), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("region", "id", name="pk_substitutes"),
        _link("substitutes", "desk_id", "clinic_desks"),
        _once("substitutes"),
    )
    _index("substitutes", "region", "at")


def _create_signs() -> None:
    op.create_table(
        "abuse_signs",
        *_versioned(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("subject", sa.LargeBinary(_HASH), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("card_number", sa.BigInteger()),
        _moment("first_at"),
        _moment("last_at"),
        sa.Column("occurrences", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        _moment("found_at"),
        sa.Column("note", sa.String(10_000)),
        sa.Column("settled_by", sa.String(100)),
        _moment("settled_at", null=True),
        sa.PrimaryKeyConstraint("region", "id", name="pk_abuse_signs"),
        _link("abuse_signs", "desk_id", "clinic_desks"),
    )
    _index("abuse_signs", "region", "state", "id")
    _index("abuse_signs", "region", "kind", "subject", "last_at")


def _record() -> tuple[sa.Column[Any], ...]:
    region = sa.Column("region", sa.String(5), nullable=False)
    return region, sa.Column("id", sa.Uuid(), nullable=False)


def _versioned() -> tuple[sa.Column[Any], ...]:
    return (*_record(), sa.Column("version", sa.Integer(), nullable=False))


def _moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _link(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["region", column], [f"{other}.region", f"{other}.id"], name=f"fk_{table}_{column}"
    )


def _once(table: str) -> sa.UniqueConstraint:
    columns = ("region", "desk_id", "source_id")
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
