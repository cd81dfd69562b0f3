"""Places, bookings, medical organisations, complaints, coverage, audit, statistics."""

from fastapi import APIRouter

from cardservice.web.api.common import API, JSON_MAX, problems
from cardservice.web.api.register import (
    audit,
    bookings,
    complaint_filing,
    complaint_open,
    complaints,
    coverage,
    organisations,
    places,
    statistics,
)

router = APIRouter(prefix=API, tags=["register"], responses=problems(), max_body_size=JSON_MAX)

for part in (
    places,
    bookings,
    organisations,
    complaint_filing,
    complaint_open,
    complaints,
    coverage,
    audit,
    statistics,
):
    router.include_router(part.router)
