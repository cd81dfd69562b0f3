"""Orders say what work they are, cards' numbers are allotted, blanks are known by their chips."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# An order whose card was made for it was for that card; any other with a card was a change of
# insurer, the one kind of work on a card that there is which the first tables knew.
_FILL_WORK = """
UPDATE orders SET work = 'change-insurer'
WHERE card_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM cards
    WHERE cards.region = orders.region
    AND cards.id = orders.card_id
    AND cards.order_id = orders.id
)
"""


def upgrade() -> None:
    """Add the columns, fill them, and make the table of numbers."""
    _extend_orders()
    _create_card_numbers()
    _extend_stock_movements()


def _extend_orders() -> None:
    # The default stays in the database: SQLite cannot take one away without copying the table.
    work = sa.Column("work", sa.String(32), nullable=False, server_default="new-card")
    op.add_column("orders", work)
    op.add_column("orders", sa.Column("ground", sa.String(300)))
    op.add_column("orders", sa.Column("new_card_number", sa.BigInteger()))
    op.add_column("orders", sa.Column("signed_at", sa.DateTime(timezone=True)))
    op.add_column("orders", sa.Column("spoiled_by", sa.String(100)))
    op.add_column("orders", sa.Column("spoiled_version", sa.BigInteger()))
    op.execute(_FILL_WORK)


def _create_card_numbers() -> None:
    op.create_table(
        "card_numbers",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("region", sa.String(5), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("station", sa.String(100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_card_numbers"),
        sa.ForeignKeyConstraint(
            ["region", "order_id"], ["orders.region", "orders.id"], name="fk_card_numbers_order_id"
        ),
    )
    op.create_index("ix_card_numbers_region_order_id", "card_numbers", ["region", "order_id"])


def _extend_stock_movements() -> None:
    op.add_column("stock_movements", sa.Column("first_chip", sa.LargeBinary(8)))
    op.add_column("stock_movements", sa.Column("last_chip", sa.LargeBinary(8)))
    op.create_index(
        "ix_stock_movements_region_station_id", "stock_movements", ["region", "station", "id"]
    )
