"""The clerk's queue and one application: scans beside fields, decisions."""

from fastapi import APIRouter

from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.queue import (
    application,
    approving,
    attaching,
    card_faces,
    deciding,
    listing,
    papers,
    scans,
)

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
for part in (listing, application, approving, deciding, attaching, scans, papers, card_faces):
    router.include_router(part.router)
