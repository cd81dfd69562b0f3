"""Whether the newest part of the log is the one that was written."""

from fastapi import APIRouter, Response

from cardservice.registry.audit_reading import VerifiedPart, verify_newest
from cardservice.registry.audit_verifying import AuditFault
from cardservice.web.office.audit.entries import ADDRESS, Auditor
from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import Visiting

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)


@router.get(ADDRESS + "/verification")
def show_audit_verification(visit: Visiting, asking: Auditor) -> Response:
    """Verify the newest entries and show what they prove, or where it shows that they do not."""
    part: VerifiedPart | None = None
    fault: AuditFault | None = None
    try:
        keys = asking.parts.head_keys
        part = verify_newest(asking.office, asking.actor, asking.region, keys)
    except AuditFault as found:
        fault = found
    return show("audit/verification.html", visit, asking=asking, part=part, fault=fault)
