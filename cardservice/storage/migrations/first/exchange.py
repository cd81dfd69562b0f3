"""Complaints with their attachments, and notifications."""

import sqlalchemy as sa
from alembic import op


def create_complaints() -> None:
    op.create_table(
        "complaints",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("application_id", sa.Uuid()),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("text", sa.String(10000), nullable=False),
        sa.Column("contact", sa.LargeBinary(2000)),
        sa.Column("answer", sa.String(10000)),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_by", sa.String(100)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("region", "id", name="pk_complaints"),
        sa.ForeignKeyConstraint(
            ["region", "application_id"],
            ["applications.region", "applications.id"],
            name="fk_complaints_application_id",
        ),
        sa.ForeignKeyConstraint(
            ["region", "person_id"],
            ["persons.region", "persons.id"],
            name="fk_complaints_person_id",
        ),
        sa.UniqueConstraint("region", "number", name="uq_complaints_region_number"),
    )
    op.create_index(
        "ix_complaints_region_application_id", "complaints", ["region", "application_id"]
    )
    op.create_index("ix_complaints_region_person_id", "complaints", ["region", "person_id"])
    op.create_index(
        "ix_complaints_region_state_due_on_id", "complaints", ["region", "state", "due_on", "id"]
    )


def create_complaint_attachments() -> None:
    op.create_table(
        "complaint_attachments",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(32)),
        sa.Column("wrapped_key", sa.LargeBinary(2000)),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_by", sa.String(100), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("region", "id", name="pk_complaint_attachments"),
        sa.ForeignKeyConstraint(
            ["region", "complaint_id"],
            ["complaints.region", "complaints.id"],
            name="fk_complaint_attachments_complaint_id",
        ),
    )
    op.create_index(
        "ix_complaint_attachments_region_complaint_id",
        "complaint_attachments",
        ["region", "complaint_id"],
    )
    op.create_index(
        "ix_complaint_attachments_content_hash", "complaint_attachments", ["content_hash"]
    )


def create_notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("template", sa.String(100), nullable=False),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(10000), nullable=False),
        sa.Column("masked", sa.String(300), nullable=False),
        sa.Column("about", sa.String(32)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_notifications"),
    )
    op.create_index(
        "ix_notifications_region_state_created_at_id",
        "notifications",
        ["region", "state", "created_at", "id"],
    )
    op.create_index("ix_notifications_region_about", "notifications", ["region", "about"])
    op.create_index("ix_notifications_state_next_at", "notifications", ["state", "next_at"])
