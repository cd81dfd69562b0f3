"""Policies and certificates."""

import sqlalchemy as sa
from alembic import op

from cardservice.storage.migrations.first.octets import octet_sorted


def create_policies() -> None:
    op.create_table(
        "policies",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enp", sa.String(16), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(300)),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("valid_until", sa.Date()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_policies"),
        sa.ForeignKeyConstraint(
            ["region", "person_id"], ["persons.region", "persons.id"], name="fk_policies_person_id"
        ),
    )
    op.create_index("ix_policies_region_person_id", "policies", ["region", "person_id"])
    op.create_index(
        "ix_policies_region_state_valid_until",
        "policies",
        ["region", "state", "valid_until"],
        postgresql_where=sa.text("valid_until IS NOT NULL"),
        sqlite_where=sa.text("valid_until IS NOT NULL"),
    )


def create_policy_numbers() -> None:
    op.create_table(
        "policy_numbers",
        sa.Column("enp", octet_sorted(16), nullable=False),
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("enp", name="pk_policy_numbers"),
        sa.ForeignKeyConstraint(
            ["region", "id"], ["policies.region", "policies.id"], name="fk_policy_numbers_id"
        ),
        sa.UniqueConstraint("region", "id", name="uq_policy_numbers_region_id"),
    )


def create_policy_insurers() -> None:
    op.create_table(
        "policy_insurers",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("ogrn", sa.String(13), nullable=False),
        sa.Column("okato", sa.String(5), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date()),
        sa.Column("ground", sa.String(32), nullable=False),
        sa.Column("filed_on", sa.Date()),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_policy_insurers"),
        sa.ForeignKeyConstraint(
            ["region", "policy_id"],
            ["policies.region", "policies.id"],
            name="fk_policy_insurers_policy_id",
        ),
        sa.UniqueConstraint(
            "region",
            "policy_id",
            "start_date",
            name="uq_policy_insurers_region_policy_id_start_date",
        ),
    )


def create_temporary_certificates() -> None:
    op.create_table(
        "temporary_certificates",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(9), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_temporary_certificates"),
        sa.ForeignKeyConstraint(
            ["region", "application_id"],
            ["applications.region", "applications.id"],
            name="fk_temporary_certificates_application_id",
        ),
        sa.ForeignKeyConstraint(
            ["region", "person_id"],
            ["persons.region", "persons.id"],
            name="fk_temporary_certificates_person_id",
        ),
        sa.UniqueConstraint("region", "number", name="uq_temporary_certificates_region_number"),
    )
    op.create_index(
        "ix_temporary_certificates_region_application_id",
        "temporary_certificates",
        ["region", "application_id"],
    )
    op.create_index(
        "ix_temporary_certificates_region_person_id",
        "temporary_certificates",
        ["region", "person_id"],
    )
    op.create_index(
        "ix_temporary_certificates_region_state_valid_until",
        "temporary_certificates",
        ["region", "state", "valid_until"],
    )
