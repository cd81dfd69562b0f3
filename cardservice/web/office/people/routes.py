"""Persons, their policies and cards; duplicates."""

from fastapi import APIRouter

from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.people import (
    cards,
    correcting,
    duplicates,
    insuring,
    merging,
    own_data,
    person,
    search,
)

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
for part in (search, person, correcting, insuring, cards, duplicates, merging, own_data):
    router.include_router(part.router)
