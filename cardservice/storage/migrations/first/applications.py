"""Applications and documents."""

import sqlalchemy as sa
from alembic import op


def create_applications() -> None:
    op.create_table(
        "applications",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("category", sa.String(32)),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("birth_date", sa.Date()),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(100)),
        sa.Column("entered_by", sa.String(100), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.String(100)),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("ground", sa.String(300)),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_applications"),
        sa.ForeignKeyConstraint(
            ["region", "person_id"],
            ["persons.region", "persons.id"],
            name="fk_applications_person_id",
        ),
        sa.UniqueConstraint("region", "number", name="uq_applications_region_number"),
        sa.UniqueConstraint("region", "source", name="uq_applications_region_source"),
    )
    op.create_index("ix_applications_number_birth_date", "applications", ["number", "birth_date"])
    op.create_index("ix_applications_region_person_id", "applications", ["region", "person_id"])
    op.create_index(
        "ix_applications_region_state_due_on_id",
        "applications",
        ["region", "state", "due_on", "id"],
    )


def create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Uuid()),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("number", sa.String(100)),
        sa.Column("issued_on", sa.Date()),
        sa.Column("issuer", sa.String(300)),
        sa.Column("expires_on", sa.Date()),
        sa.Column("content_hash", sa.LargeBinary(32)),
        sa.Column("wrapped_key", sa.LargeBinary(2000)),
        sa.Column("media_type", sa.String(100)),
        sa.Column("size", sa.BigInteger()),
        sa.Column("uploaded_by", sa.String(100), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("region", "id", name="pk_documents"),
        sa.ForeignKeyConstraint(
            ["region", "application_id"],
            ["applications.region", "applications.id"],
            name="fk_documents_application_id",
        ),
        sa.ForeignKeyConstraint(
            ["region", "person_id"], ["persons.region", "persons.id"], name="fk_documents_person_id"
        ),
    )
    op.create_index("ix_documents_content_hash", "documents", ["content_hash"])
    op.create_index("ix_documents_region_application_id", "documents", ["region", "application_id"])
    op.create_index("ix_documents_region_person_id", "documents", ["region", "person_id"])
