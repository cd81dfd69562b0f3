"""One account: its roles, its lock, its password and second factor, its sessions, its history."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.account import Account
from cardservice.errors import Refusal
from cardservice.registry.accounts import Staff, view_account
from cardservice.registry.accounts_changing import (
    SeenAccount,
    change_roles,
    close_account,
    end_sessions,
    open_account,
    reset_password,
    reset_second_factor,
)
from cardservice.registry.actor import Actor
from cardservice.web.office.accounts.staff import (
    ADDRESS,
    Administrator,
    role_choices,
    roles_in,
    staff_of,
)
from cardservice.web.office.asking import Asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, answered
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ONE: Final = ADDRESS + "/{account_id}"
_VERSION_DIGITS: Final = 9  # no account is changed a thousand million times
_NO_VERSION: Final = -1  # accounts count from 0
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Change = Callable[[Staff, Actor, SeenAccount], Account]


@router.get(ONE)
def show_staff_account(visit: Visiting, asking: Administrator, account_id: UUID) -> Response:
    """Show an account."""
    return _page(visit, asking, account_id)


@router.post(ONE + "/roles", dependencies=[OurForm])
def send_staff_roles(
    visit: Visiting, asking: Administrator, account_id: UUID, fields: Fields
) -> Response:
    """Give it other roles, or propose them."""
    return _changed(
        visit,
        asking,
        account_id,
        fields,
        lambda staff, actor, seen: change_roles(staff, actor, seen, roles_in(fields)),
    )


@router.post(ONE + "/lock", dependencies=[OurForm])
def send_staff_lock(
    visit: Visiting, asking: Administrator, account_id: UUID, fields: Fields
) -> Response:
    """Close it, which ends its sessions."""
    return _changed(visit, asking, account_id, fields, close_account)


@router.post(ONE + "/unlocking", dependencies=[OurForm])
def send_staff_unlock(
    visit: Visiting, asking: Administrator, account_id: UUID, fields: Fields
) -> Response:
    """Open it."""
    return _changed(visit, asking, account_id, fields, open_account)


@router.post(ONE + "/second-factor", dependencies=[OurForm])
def send_staff_factor_reset(
    visit: Visiting, asking: Administrator, account_id: UUID, fields: Fields
) -> Response:
    """Forget its device, which ends its sessions."""
    return _changed(visit, asking, account_id, fields, reset_second_factor)


@router.post(ONE + "/sessions", dependencies=[OurForm])
def send_staff_sessions_end(
    visit: Visiting, asking: Administrator, account_id: UUID, fields: Fields
) -> Response:
    """End its sessions."""
    return _changed(visit, asking, account_id, fields, end_sessions)


@router.post(ONE + "/password", dependencies=[OurForm])
def send_staff_password(
    visit: Visiting, asking: Administrator, account_id: UUID, fields: Fields
) -> Response:
    """Give it a new first password and show it, this once."""
    try:
        seen = _seen(asking, account_id, fields)
        saved, password = reset_password(staff_of(visit, asking), asking.actor, seen)
    except Refusal as refusal:
        return _page(visit, asking, account_id, Sent(refusal, fields))
    return show("accounts/password.html", visit, asking=asking, account=saved, password=password)


def _changed(
    visit: Visit, asking: Asking, account_id: UUID, fields: FormFields, change: Change
) -> Response:
    return answered(
        lambda: change(staff_of(visit, asking), asking.actor, _seen(asking, account_id, fields)),
        then=ONE.format(account_id=account_id),
        again=lambda refusal: _page(visit, asking, account_id, Sent(refusal, fields)),
    )


def _seen(asking: Asking, account_id: UUID, fields: FormFields) -> SeenAccount:
    text = fields.text("version")
    is_number = text.isascii() and text.isdecimal() and len(text) <= _VERSION_DIGITS
    version = int(text) if is_number else _NO_VERSION
    return SeenAccount(region=asking.region, account_id=account_id, version=version)


def _page(visit: Visit, asking: Asking, account_id: UUID, sent: Sent = FRESH) -> Response:
    staff = staff_of(visit, asking)
    file = view_account(staff, asking.actor, region=asking.region, account_id=account_id)
    had = frozenset(one.value for one in file.account.roles)
    return show(
        "accounts/account.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        file=file,
        roles=role_choices(visit.language),
        ticked=frozenset(sent.typed.texts("roles")) or had,
        wants_second=staff.wants_second,
    )
