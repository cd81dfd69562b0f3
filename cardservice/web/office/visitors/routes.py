"""Without signing in: status, a lost card, places, clinics, a complaint."""

from fastapi import APIRouter

from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.visitors import complaining, lost, searching, status

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
for _area in (status, lost, searching, complaining):
    router.include_router(_area.router)
