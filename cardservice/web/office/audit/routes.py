"""The audit log: entries, looks at a person, verification, download."""

from fastapi import APIRouter

from cardservice.web.office.audit import entries, looking, verifying
from cardservice.web.office.forms import MAX_TEXT

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
for part in (entries, looking, verifying):
    router.include_router(part.router)
