"""Tables of people, row by row."""

from fastapi import APIRouter

from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.uploads import results, sending

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
for part in (sending, results):
    router.include_router(part.router)
