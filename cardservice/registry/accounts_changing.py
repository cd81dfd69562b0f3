"""What an administrator changes of others' accounts; each change ends the sessions it must."""

from dataclasses import dataclass
from uuid import UUID

from cardservice.accounts.account import Account, require_staff
from cardservice.accounts.first_passwords import draw_password
from cardservice.accounts.four_eyes import Act as SecondPersonAct
from cardservice.accounts.ports import StaleAccountError
from cardservice.accounts.rights import Right
from cardservice.accounts.roles import Role
from cardservice.errors import Refusal
from cardservice.registry.accounts import (
    ADD,
    KIND,
    PROPOSE,
    ROLES,
    Staff,
    added_by,
    find_account,
    log_of,
    proposed_in,
    written,
)
from cardservice.registry.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAccount:
    """Which account is to be changed, and the version that was seen of it."""

    region: str
    account_id: UUID
    version: int


def add_account(
    staff: Staff, actor: Actor, *, region: str, name: str, roles: frozenset[Role]
) -> tuple[Account, str]:
    """Return a new account and its first password, to be shown once.

    Where the office wants a second person for roles the account is closed, and somebody else
    opens it.

    Raises:
        Refusal: ``account-name``, ``account-roles``, ``account-exists`` or ``role-not-allowed``.
    """
    actor.require(Right.ACCOUNTS)
    password = draw_password(staff.dice)
    new_id = staff.office.new_id
    made = staff.book.add(name, roles=roles, region=region, new_id=new_id, password=password)
    if staff.wants_second:
        made = staff.book.disable(made)
    _record(staff, actor, made, ADD, roles=written(roles))
    return made, password


def reset_password(staff: Staff, actor: Actor, seen: SeenAccount) -> tuple[Account, str]:
    """Return an account and its new password, to be shown once; all its sessions end.

    Raises:
        Refusal: ``not-found``, ``account-stale``, ``own-account`` or ``role-not-allowed``.
    """
    account = _others(staff, actor, seen)
    password = draw_password(staff.dice)
    saved = staff.book.reset_password(account, password)
    _record(staff, actor, saved, "account.password")
    return saved, password


def close_account(staff: Staff, actor: Actor, seen: SeenAccount) -> Account:
    """Return an account, closed; all its sessions end. Raises Refusal as ``reset_password``."""
    closed = staff.book.disable(_others(staff, actor, seen))
    _record(staff, actor, closed, "account.close")
    return closed


def open_account(staff: Staff, actor: Actor, seen: SeenAccount) -> Account:
    """Return an account, open again, or for the first time.

    Raises:
        Refusal: ``second-person-needed``: who asks added it; and as ``reset_password``.
    """
    account = _others(staff, actor, seen)
    act, first = SecondPersonAct.CHANGE_ROLES, added_by(log_of(staff, account))
    staff.office.settings.four_eyes.require_second(act, first=first, second=actor.name)
    opened = staff.book.disable(account, disabled=False)
    _record(staff, actor, opened, "account.open")
    return opened


def change_roles(staff: Staff, actor: Actor, seen: SeenAccount, roles: frozenset[Role]) -> Account:
    """Return an account with other roles, its sessions ended; or as it was, with them proposed.

    They are proposed where the office wants a second person, and given once another administrator
    asks for exactly the same.

    Raises:
        Refusal: ``account-roles``, and as ``reset_password``.
    """
    account = _others(staff, actor, seen)
    require_staff(roles)
    if staff.wants_second and not _seconds(staff, actor, account, roles):
        _record(staff, actor, account, PROPOSE, roles=written(roles))
        return account
    changed = staff.book.change_roles(account, roles)
    _record(staff, actor, changed, ROLES, roles=written(roles))
    return changed


def reset_second_factor(staff: Staff, actor: Actor, seen: SeenAccount) -> Account:
    """Return an account without a device; its sessions end. Raises as ``reset_password``."""
    saved = staff.book.remove_second_factor(_others(staff, actor, seen))
    _record(staff, actor, saved, "account.reset-second-factor")
    return saved


def end_sessions(staff: Staff, actor: Actor, seen: SeenAccount) -> Account:
    """Return an account whose sessions were all ended, whatever version of it was seen.

    Raises:
        Refusal: ``not-found`` or ``role-not-allowed``.
    """
    account = find_account(staff, actor, seen.region, seen.account_id)
    staff.sessions.end_all(account.id)
    _record(staff, actor, account, "account.end-sessions")
    return account


def _others(staff: Staff, actor: Actor, seen: SeenAccount) -> Account:
    account = find_account(staff, actor, seen.region, seen.account_id)
    if actor.account == account.id:
        # Whoever closed the last administrator's account would be shut out, and rights that one
        # gives oneself are nobody's decision.
        raise Refusal("own-account", "Your own account is changed by another administrator.")
    if account.version != seen.version:
        raise StaleAccountError
    return account


def _seconds(staff: Staff, actor: Actor, account: Account, roles: frozenset[Role]) -> bool:
    proposed = proposed_in(log_of(staff, account))
    if proposed is None or proposed.roles != roles:
        return False
    return proposed.proposed_by != actor.name


def _record(staff: Staff, actor: Actor, account: Account, action: str, **details: str) -> None:
    staff.office.run(
        actor, account.region, lambda act: act.record(action, KIND, account.id, **details)
    )
