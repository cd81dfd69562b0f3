"""Accounts of staff as an administrator sees them, with what was done to each.

Accounts are kept apart from the office's tables: a change is made first and recorded right after.
Where the office wants a second person for roles, one proposes them and another gives them; the
proposal is the entry in the audit log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cardservice.accounts.account import Account
from cardservice.accounts.dice import Dice
from cardservice.accounts.four_eyes import Act as SecondPersonAct
from cardservice.accounts.managing import AccountBook
from cardservice.accounts.ports import AccountStore
from cardservice.accounts.rights import Right
from cardservice.accounts.roles import Role
from cardservice.accounts.sessions import Sessions
from cardservice.registry.actor import Actor
from cardservice.registry.audit_values import AuditEntry
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Office

KIND: Final = "account"
PAGE_ROWS: Final = 50
ADD, ROLES, PROPOSE = "account.add", "account.roles", "account.propose-roles"
_BETWEEN: Final = ","


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """What accounts are kept and changed with.

    Attributes:
        dice: draws first passwords.
    """

    office: Office
    accounts: AccountStore
    book: AccountBook
    sessions: Sessions
    dice: Dice

    @property
    def wants_second(self) -> bool:
        """Whether roles need a second person."""
        return SecondPersonAct.CHANGE_ROLES in self.office.settings.four_eyes.acts


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRoles:
    """Roles that somebody proposed and nobody has given yet."""

    proposed_by: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFile:
    """An account, opened.

    Attributes:
        proposed: None: no roles wait for a second person.
        needs_second: another person than the one who asks has to open it.
        is_own: of the one who asks, who changes nothing of it from here.
        log: what was done to it, the newest first.
    """

    account: Account
    proposed: ProposedRoles | None
    needs_second: bool
    is_own: bool
    log: tuple[AuditEntry, ...]


def list_staff(
    staff: Staff, actor: Actor, region: str, *, after: str = ""
) -> tuple[tuple[Account, ...], str | None]:
    """Return a page of accounts by name, and the name to go on after, None on the last page.

    Raises:
        Refusal: ``role-not-allowed``.
    """
    actor.require(Right.ACCOUNTS)
    found = staff.accounts.of_region(region, after=after, limit=PAGE_ROWS + 1)
    rows = found[:PAGE_ROWS]
    return rows, rows[-1].name if len(found) > PAGE_ROWS else None


def view_account(staff: Staff, actor: Actor, *, region: str, account_id: UUID) -> AccountFile:
    """Return an account; raises Refusal ``not-found`` or ``role-not-allowed``."""
    account = find_account(staff, actor, region, account_id)
    log = log_of(staff, account)
    return AccountFile(
        account=account,
        proposed=proposed_in(log),
        needs_second=staff.wants_second and added_by(log) == actor.name,
        is_own=actor.account == account_id,
        log=log[::-1],
    )


def find_account(staff: Staff, actor: Actor, region: str, account_id: UUID) -> Account:
    """Return an account of a region; raises Refusal ``not-found`` or ``role-not-allowed``."""
    actor.require(Right.ACCOUNTS)
    account = staff.accounts.by_id(account_id)
    if account is None or account.region != region:
        raise not_found(KIND)
    return account


def log_of(staff: Staff, account: Account) -> tuple[AuditEntry, ...]:
    """Return the newest 200 entries about an account, by number."""
    with staff.office.database.reading() as kept:
        return kept.audit.about(account.region, str(account.id))


def added_by(log: Sequence[AuditEntry]) -> str:
    """Return who added the account, empty if no entry says so."""
    return next((one.fact.actor for one in log if one.fact.action == ADD), "")


def proposed_in(log: Sequence[AuditEntry]) -> ProposedRoles | None:
    """Return the roles that the last entry about roles proposes, None if it gives some."""
    last = next((one for one in reversed(log) if one.fact.action in {PROPOSE, ROLES}), None)
    if last is None or last.fact.action == ROLES:
        return None
    names = last.fact.details.get("roles", "").split(_BETWEEN)
    roles = frozenset(one for one in Role if one.value in names)
    return ProposedRoles(proposed_by=last.fact.actor, roles=roles)


def written(roles: frozenset[Role]) -> str:
    """Return roles as an entry of the audit log has them."""
    return _BETWEEN.join(sorted(one.value for one in roles))
