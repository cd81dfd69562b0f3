"""Accounts of staff, tokens of programs."""

from fastapi import APIRouter

from cardservice.web.office.accounts import account, staff, tokens
from cardservice.web.office.forms import MAX_TEXT

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
for part in (tokens, staff, account):
    router.include_router(part.router)
