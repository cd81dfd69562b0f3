"""Persons, consents, looks."""

import sqlalchemy as sa
from alembic import op

from cardservice.storage.migrations.first.octets import octet_sorted


def create_persons() -> None:
    op.create_table(
        "persons",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("surname", sa.String(60), nullable=False),
        sa.Column("given_name", sa.String(60), nullable=False),
        sa.Column("patronymic", sa.String(60)),
        sa.Column("sex", sa.String(32), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("birth_place", sa.String(150)),
        sa.Column("citizenship_code", sa.String(10)),
        sa.Column("citizenship_name", sa.String(100)),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("snils", sa.String(14)),
        sa.Column("address", sa.String(300)),
        sa.Column("phone", sa.String(300)),
        sa.Column("email", sa.String(300)),
        sa.Column("merged_into", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
        sa.Column("name_key", octet_sorted(400), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_persons"),
        sa.ForeignKeyConstraint(
            ["region", "merged_into"],
            ["persons.region", "persons.id"],
            name="fk_persons_merged_into",
        ),
    )
    op.create_index(
        "ix_persons_birth_date_name_key_region_id",
        "persons",
        ["birth_date", "name_key", "region", "id"],
    )
    op.create_index("ix_persons_name_key_region_id", "persons", ["name_key", "region", "id"])
    op.create_index("ix_persons_region_merged_into", "persons", ["region", "merged_into"])
    op.create_index("ix_persons_snils", "persons", ["snils"])


def create_consents() -> None:
    op.create_table(
        "consents",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("application_id", sa.Uuid()),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("wording", sa.String(100), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("region", "id", name="pk_consents"),
        sa.ForeignKeyConstraint(
            ["region", "application_id"],
            ["applications.region", "applications.id"],
            name="fk_consents_application_id",
        ),
        sa.ForeignKeyConstraint(
            ["region", "person_id"], ["persons.region", "persons.id"], name="fk_consents_person_id"
        ),
    )
    op.create_index("ix_consents_region_application_id", "consents", ["region", "application_id"])
    op.create_index("ix_consents_region_person_id", "consents", ["region", "person_id"])


def create_looks() -> None:
    op.create_table(
        "looks",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("application_id", sa.Uuid()),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_looks"),
    )
    op.create_index("ix_looks_actor_at", "looks", ["actor", "at"])
    op.create_index(
        "ix_looks_region_application_id_at",
        "looks",
        ["region", "application_id", "at"],
        postgresql_where=sa.text("application_id IS NOT NULL"),
        sqlite_where=sa.text("application_id IS NOT NULL"),
    )
    op.create_index("ix_looks_region_person_id_at", "looks", ["region", "person_id", "at"])
