"""Tokens of programs: a list, a new one that is shown once, and the end of one."""

from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cardservice.accounts.api_tokens import LABEL_LENGTH, LONGEST, PROGRAMS
from cardservice.accounts.rights import Right, may
from cardservice.accounts.roles import Role
from cardservice.domain.findings import Finding
from cardservice.errors import Refusal
from cardservice.registry.errors import FindingsRefusal
from cardservice.registry.program_tokens import (
    Programs,
    TokenWish,
    issue_token,
    list_tokens,
    revoke_token,
)
from cardservice.texts.office import label
from cardservice.web.office.accounts.staff import ADDRESS as ACCOUNTS
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, answered, choice_in
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.errors import NotPermittedError
from cardservice.web.signin.forms import OurForm

ADDRESS: Final = ACCOUNTS + "/tokens"
ROLES: Final = tuple(one for one in Role if one in PROGRAMS)
_DAYS_DIGITS: Final = 4
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Keeper = Annotated[Asking, asking(Right.TOKENS)]
OfRole = Annotated[Role, Query(alias="role")]


@router.get(ADDRESS)
def show_tokens(visit: Visiting, asking: Keeper) -> Response:
    """Show the tokens of the region, the newest first."""
    return _list(visit, asking)


@router.get(ADDRESS + "/new")
def show_new_token(visit: Visiting, asking: Keeper, role: OfRole = Role.STATION) -> Response:
    """Ask what a program with this role may do."""
    return _page(visit, asking, role)


@router.post(ADDRESS + "/new", dependencies=[OurForm])
def send_new_token(visit: Visiting, asking: Keeper, fields: Fields) -> Response:
    """Issue a token and show it, this once."""
    role = Role.STATION
    try:
        role = choice_in(Role, fields, "role")
        wish = TokenWish(
            label=fields.text("label").strip(),
            role=role,
            scopes=_scopes(fields),
            lasts=timedelta(days=_days(fields)),
        )
        record, token = issue_token(_programs(visit, asking), asking.actor, asking.region, wish)
    except Refusal as refusal:
        return _page(visit, asking, role, Sent(refusal, fields))
    return show("accounts/token.html", visit, asking=asking, record=record, secret_text=token)


@router.post(ADDRESS + "/{token_id}/end", dependencies=[OurForm])
def send_token_end(visit: Visiting, asking: Keeper, token_id: UUID) -> Response:
    """End a token at once."""
    return answered(
        lambda: revoke_token(
            _programs(visit, asking), asking.actor, region=asking.region, token_id=token_id
        ),
        then=ADDRESS,
        again=lambda refusal: _list(visit, asking, refusal),
    )


def _programs(visit: Visit, asking: Asking) -> Programs:
    if visit.context.api_tokens is None:
        raise NotPermittedError
    return Programs(asking.office, visit.context.api_tokens)


def _scopes(fields: FormFields) -> frozenset[Right]:
    return frozenset(one for one in Right if one.value in fields.texts("scopes"))


def _days(fields: FormFields) -> int:
    text = fields.text("days").strip()
    if text.isascii() and text.isdecimal() and len(text) <= _DAYS_DIGITS:
        return int(text)
    raise FindingsRefusal([Finding("days", "days-not-digits", "Give a whole number of days.")])


def _list(visit: Visit, asking: Asking, refusal: Refusal | None = None) -> Response:
    rows = list_tokens(_programs(visit, asking), asking.actor, asking.region)
    return show(
        "accounts/tokens.html",
        visit,
        asking=asking,
        refusal=refusal,
        tokens=rows,
        now=asking.office.clock(),
    )


def _page(visit: Visit, asking: Asking, role: Role, sent: Sent = FRESH) -> Response:
    rights = (one for one in Right if one is not Right.OPEN and may({role}, one))
    return show(
        "accounts/new_token.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        role=role,
        roles=ROLES,
        rights=tuple((one.value, label(one, visit.language)) for one in rights),
        longest=LONGEST.days,
        length=LABEL_LENGTH,
    )
