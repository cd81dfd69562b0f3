"""The audit log."""

import sqlalchemy as sa
from alembic import op


def create_audit_entries() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(300), nullable=False),
        sa.Column("role", sa.String(100), nullable=False),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("subject_kind", sa.String(100), nullable=False),
        sa.Column("subject_id", sa.String(300), nullable=False),
        sa.Column("ground", sa.String(300), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("region", "number", name="pk_audit_entries"),
    )
    op.create_index(
        "ix_audit_entries_region_subject_id_number",
        "audit_entries",
        ["region", "subject_id", "number"],
    )


def create_audit_heads() -> None:
    op.create_table(
        "audit_heads",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("signature", sa.LargeBinary(2000), nullable=False),
        sa.PrimaryKeyConstraint("region", "number", name="pk_audit_heads"),
    )
