"""Dispatch lists, arrival, hand-over; the card on the reader."""

from fastapi import APIRouter

from cardservice.web.office.delivery import arriving, checking, finding, listening, sending
from cardservice.web.office.forms import MAX_TEXT

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
for part in (sending, arriving, finding, checking, listening):
    router.include_router(part.router)
