"""Places and clinics."""

import sqlalchemy as sa
from alembic import op


def create_places() -> None:
    op.create_table(
        "places",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("collects", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.String(300)),
        sa.Column("closed_on", sa.Date()),
        sa.PrimaryKeyConstraint("region", "id", name="pk_places"),
    )
    op.create_index("ix_places_region_name", "places", ["region", "name"])


def create_slots() -> None:
    op.create_table(
        "slots",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_slots"),
        sa.ForeignKeyConstraint(
            ["region", "place_id"], ["places.region", "places.id"], name="fk_slots_place_id"
        ),
        sa.UniqueConstraint(
            "region", "place_id", "starts_at", name="uq_slots_region_place_id_starts_at"
        ),
    )


def create_bookings() -> None:
    op.create_table(
        "bookings",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("region", "id", name="pk_bookings"),
        sa.ForeignKeyConstraint(
            ["region", "application_id"],
            ["applications.region", "applications.id"],
            name="fk_bookings_application_id",
        ),
        sa.ForeignKeyConstraint(
            ["region", "slot_id"], ["slots.region", "slots.id"], name="fk_bookings_slot_id"
        ),
    )
    op.create_index("ix_bookings_region_application_id", "bookings", ["region", "application_id"])
    op.create_index("ix_bookings_region_slot_id", "bookings", ["region", "slot_id"])


def create_medical_organisations() -> None:
    op.create_table(
        "medical_organisations",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("ogrn", sa.String(13), nullable=False),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date()),
        sa.Column("search_key", sa.String(10000), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_medical_organisations"),
    )
    op.create_index("ix_medical_organisations_ogrn", "medical_organisations", ["ogrn"])
    op.create_index(
        "ix_medical_organisations_region_name", "medical_organisations", ["region", "name"]
    )
