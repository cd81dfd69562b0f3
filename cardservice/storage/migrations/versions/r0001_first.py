"""All tables, as the office began with them."""

from cardservice.storage.migrations.first import (
    access,
    applications,
    audit,
    exchange,
    making,
    people,
    places,
    policies,
    uploads,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, those first that others name."""
    access.create_accounts()
    access.create_api_tokens()
    access.create_attempts()
    audit.create_audit_entries()
    audit.create_audit_heads()
    access.create_challenges()
    access.create_counters()
    access.create_idempotency_keys()
    people.create_looks()
    places.create_medical_organisations()
    exchange.create_notifications()
    people.create_persons()
    places.create_places()
    access.create_sessions()
    applications.create_applications()
    policies.create_policies()
    places.create_slots()
    places.create_bookings()
    exchange.create_complaints()
    exchange.create_complaint_attachments()
    people.create_consents()
    applications.create_documents()
    making.create_orders()
    policies.create_policy_insurers()
    policies.create_policy_numbers()
    policies.create_temporary_certificates()
    making.create_cards()
    making.create_stock_movements()
    making.create_stock_totals()
    making.create_receipts()
    uploads.create_uploads()
    uploads.create_upload_rows()
