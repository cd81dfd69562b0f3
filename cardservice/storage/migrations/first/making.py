"""Orders, cards, receipts, stock."""

import sqlalchemy as sa
from alembic import op


def create_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Uuid()),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid()),
        sa.Column("place_id", sa.Uuid()),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("station", sa.String(100)),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
        sa.Column("dispatch", sa.String(32)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_orders"),
        sa.ForeignKeyConstraint(
            ["region", "application_id"],
            ["applications.region", "applications.id"],
            name="fk_orders_application_id",
        ),
        sa.ForeignKeyConstraint(
            ["region", "place_id"], ["places.region", "places.id"], name="fk_orders_place_id"
        ),
        sa.ForeignKeyConstraint(
            ["region", "policy_id"], ["policies.region", "policies.id"], name="fk_orders_policy_id"
        ),
    )
    op.create_index("ix_orders_region_application_id", "orders", ["region", "application_id"])
    op.create_index("ix_orders_region_dispatch", "orders", ["region", "dispatch"])
    op.create_index("ix_orders_region_place_id_state", "orders", ["region", "place_id", "state"])
    op.create_index("ix_orders_region_policy_id", "orders", ["region", "policy_id"])
    op.create_index(
        "ix_orders_region_state_due_on_id", "orders", ["region", "state", "due_on", "id"]
    )


def create_cards() -> None:
    op.create_table(
        "cards",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("chip_serial", sa.LargeBinary(32)),
        sa.Column("policy_id", sa.Uuid()),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(300)),
        sa.Column("signed_at", sa.DateTime(timezone=True)),
        sa.Column("activated_at", sa.DateTime(timezone=True)),
        sa.Column("terminated_at", sa.DateTime(timezone=True)),
        sa.Column("valid_until", sa.Date()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_cards"),
        sa.ForeignKeyConstraint(
            ["region", "order_id"], ["orders.region", "orders.id"], name="fk_cards_order_id"
        ),
        sa.ForeignKeyConstraint(
            ["region", "policy_id"], ["policies.region", "policies.id"], name="fk_cards_policy_id"
        ),
        sa.UniqueConstraint("number", "region", name="uq_cards_number_region"),
    )
    op.create_index("ix_cards_region_order_id", "cards", ["region", "order_id"])
    op.create_index("ix_cards_region_policy_id", "cards", ["region", "policy_id"])
    op.create_index(
        "ix_cards_region_state_valid_until",
        "cards",
        ["region", "state", "valid_until"],
        postgresql_where=sa.text("valid_until IS NOT NULL"),
        sqlite_where=sa.text("valid_until IS NOT NULL"),
    )


def create_stock_movements() -> None:
    op.create_table(
        "stock_movements",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Uuid()),
        sa.Column("station", sa.String(100)),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("batch", sa.String(100)),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("ground", sa.String(300)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_stock_movements"),
        sa.ForeignKeyConstraint(
            ["region", "order_id"],
            ["orders.region", "orders.id"],
            name="fk_stock_movements_order_id",
        ),
        sa.ForeignKeyConstraint(
            ["region", "place_id"],
            ["places.region", "places.id"],
            name="fk_stock_movements_place_id",
        ),
    )
    op.create_index("ix_stock_movements_region_kind", "stock_movements", ["region", "kind"])
    op.create_index("ix_stock_movements_region_order_id", "stock_movements", ["region", "order_id"])
    op.create_index("ix_stock_movements_region_place_id", "stock_movements", ["region", "place_id"])


def create_stock_totals() -> None:
    op.create_table(
        "stock_totals",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("station", sa.String(100), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("region", "kind", "station", name="pk_stock_totals"),
    )


def create_receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid()),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("came", sa.String(32), nullable=False),
        sa.Column("shown", sa.String(32), nullable=False),
        sa.Column("old_card", sa.String(32), nullable=False),
        sa.Column("handed_by", sa.String(100), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_receipts"),
        *(
            sa.ForeignKeyConstraint(
                ["region", column],
                [f"{table}.region", f"{table}.id"],
                name=f"fk_receipts_{column}",
            )
            for column, table in (
                ("order_id", "orders"),
                ("card_id", "cards"),
                ("person_id", "persons"),
                ("application_id", "applications"),
                ("place_id", "places"),
            )
        ),
        sa.UniqueConstraint("region", "number", name="uq_receipts_region_number"),
    )
    op.create_index("ix_receipts_region_order_id", "receipts", ["region", "order_id"])
    op.create_index("ix_receipts_region_person_id", "receipts", ["region", "person_id"])
