"""Uploaded tables and their rows."""

import sqlalchemy as sa
from alembic import op


def create_uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(100), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("region", "id", name="pk_uploads"),
    )
    op.create_index(
        "ix_uploads_region_sender_content_hash", "uploads", ["region", "sender", "content_hash"]
    )
    op.create_index("ix_uploads_region_received_at_id", "uploads", ["region", "received_at", "id"])
    op.create_index(
        "ix_uploads_region_sender_received_at_id",
        "uploads",
        ["region", "sender", "received_at", "id"],
    )


def create_upload_rows() -> None:
    op.create_table(
        "upload_rows",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(100)),
        sa.Column("application_id", sa.Uuid()),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_upload_rows"),
        sa.ForeignKeyConstraint(
            ["region", "application_id"],
            ["applications.region", "applications.id"],
            name="fk_upload_rows_application_id",
        ),
        sa.ForeignKeyConstraint(
            ["region", "upload_id"],
            ["uploads.region", "uploads.id"],
            name="fk_upload_rows_upload_id",
        ),
        sa.UniqueConstraint(
            "region", "upload_id", "number", name="uq_upload_rows_region_upload_id_number"
        ),
    )
    op.create_index(
        "ix_upload_rows_region_application_id", "upload_rows", ["region", "application_id"]
    )
