"""Terminal certificates of clinics' desks."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLE = "desk_terminals"


def upgrade() -> None:
    """Make the table, and let a desk be found by its references."""
    op.create_table(
        _TABLE,
        *_identity(),
        *_certificate(),
        sa.PrimaryKeyConstraint("region", "id", name=f"pk_{_TABLE}"),
        sa.ForeignKeyConstraint(
            ["region", "id"], ["clinic_desks.region", "clinic_desks.id"], name=f"fk_{_TABLE}_id"
        ),
        sa.UniqueConstraint("holder", name=f"uq_{_TABLE}_holder"),
        sa.UniqueConstraint("ogrn", "id", name=f"uq_{_TABLE}_ogrn_id"),
    )
    op.create_index(f"ix_{_TABLE}_clinic_desk", _TABLE, ["clinic", "desk"])
    op.create_index("ix_clinic_desks_holder", "clinic_desks", ["holder"])


def _identity() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ogrn", sa.String(13), nullable=False),
        sa.Column("clinic", sa.String(100), nullable=False),
        sa.Column("desk", sa.String(100), nullable=False),
        sa.Column("holder", sa.String(32), nullable=False),
    )


def _certificate() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("sequence", sa.String(32), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("not_before", sa.Date(), nullable=False),
        sa.Column("not_after", sa.Date(), nullable=False),
        sa.Column("bundle", sa.LargeBinary(100_000), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("certified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("certified_by", sa.String(100), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
    )
