"""Complaints: those that wait, one with its answer, its attachments."""

from fastapi import APIRouter

from cardservice.web.office.complaints import answering, listing
from cardservice.web.office.forms import MAX_TEXT

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
for part in (listing, answering):
    router.include_router(part.router)
