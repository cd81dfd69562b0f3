"""Orders that are overdue, orders by state, charts, one order, and work on a card ordered."""

from fastapi import APIRouter

from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.orders import listing, order, service

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
for part in (listing, order, service):
    router.include_router(part.router)
