"""Desks of clinics and signs of abuse."""

from fastapi import APIRouter

from cardservice.web.api.clinics import desks, signs
from cardservice.web.api.common import API, JSON_MAX, problems

router = APIRouter(prefix=API, responses=problems(), max_body_size=JSON_MAX)
for part in (desks, signs):
    router.include_router(part.router)
