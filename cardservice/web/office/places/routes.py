"""Points of issue and medical organisations, as the office keeps them."""

from fastapi import APIRouter

from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.places import clinic, clinics, desks, point, points

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
for part in (points, point, clinics, clinic, desks):
    router.include_router(part.router)
