"""The list of accounts, and adding one."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from cardservice.accounts.account import NAME_LENGTH
from cardservice.accounts.rights import Right
from cardservice.accounts.roles import STAFF, Role
from cardservice.errors import Refusal
from cardservice.registry.accounts import Staff, list_staff
from cardservice.registry.accounts_changing import add_account
from cardservice.texts.languages import Language
from cardservice.texts.office import label
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ADDRESS: Final = "/office/accounts"
# In the order of the roles themselves: what most accounts have comes first.
ROLES: Final = tuple(one for one in Role if one in STAFF)
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Administrator = Annotated[Asking, asking(Right.ACCOUNTS)]
After = Annotated[str, Query(max_length=NAME_LENGTH)]


@router.get(ADDRESS)
def show_staff(visit: Visiting, asking: Administrator, after: After = "") -> Response:
    """Show fifty accounts by name."""
    rows, last = list_staff(staff_of(visit, asking), asking.actor, asking.region, after=after)
    return show(
        "accounts/staff.html",
        visit,
        asking=asking,
        accounts=rows,
        is_first=not after,
        forward=f"{ADDRESS}?{urlencode({'after': last})}" if last else None,
        may_see_tokens=asking.may(Right.TOKENS),
    )


@router.get(ADDRESS + "/new")
def show_new_staff(visit: Visiting, asking: Administrator) -> Response:
    """Ask for a name and roles."""
    return _page(visit, asking)


@router.post(ADDRESS + "/new", dependencies=[OurForm])
def send_new_staff(visit: Visiting, asking: Administrator, fields: Fields) -> Response:
    """Add an account and show its first password, this once."""
    try:
        made, password = add_account(
            staff_of(visit, asking),
            asking.actor,
            region=asking.region,
            name=fields.text("name"),
            roles=roles_in(fields),
        )
    except Refusal as refusal:
        return _page(visit, asking, Sent(refusal, fields))
    return show("accounts/password.html", visit, asking=asking, account=made, password=password)


def staff_of(visit: Visit, asking: Asking) -> Staff:
    """Return what accounts are kept and changed with."""
    context = visit.context
    return Staff(
        office=asking.office,
        accounts=context.stores.accounts,
        book=context.book,
        sessions=context.stores.sessions,
        dice=context.dice,
    )


def roles_in(fields: FormFields) -> frozenset[Role]:
    """Return the roles that were ticked; others are left out, and none is refused later."""
    return frozenset(one for one in ROLES if one.value in fields.texts("roles"))


def role_choices(language: Language) -> tuple[tuple[str, str], ...]:
    """Return value and name of the roles that an account can have."""
    return tuple((one.value, label(one, language)) for one in ROLES)


def _page(visit: Visit, asking: Asking, sent: Sent = FRESH) -> Response:
    return show(
        "accounts/new.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        roles=role_choices(visit.language),
        wants_second=staff_of(visit, asking).wants_second,
    )
