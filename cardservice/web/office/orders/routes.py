"""Orders that are overdue, orders by state, charts, and one order."""

from fastapi import APIRouter

from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.orders import listing, order

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
for part in (listing, order):
    router.include_router(part.router)
