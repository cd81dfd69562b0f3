"""Accounts and tokens as who runs the service changes them; every change is in the audit log."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from cardservice.accounts.account import Account, normal_name
from cardservice.accounts.api_tokens import ApiToken
from cardservice.accounts.password_rules import PasswordRules
from cardservice.accounts.rights import Right, may
from cardservice.accounts.roles import Role
from cardservice.domain.numbers import parse_okato
from cardservice.errors import Refusal
from cardservice.home.office import OfficeHome
from cardservice.home.office_ids import new_id
from cardservice.registry.actor import SERVICE
from cardservice.registry.frame import Act
from cardservice.storage.engine import Database
from cardservice.storage.tables.access import accounts, api_tokens

_KIND, _TOKEN = "account", "api-token"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """A line of the list of accounts."""

    region: str
    name: str
    roles: tuple[str, ...]
    has_password: bool
    has_second_factor: bool
    disabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLine:
    """A line of the list of programs' tokens; ``prefix`` is how the token begins."""

    region: str
    id: UUID
    label: str
    role: str
    prefix: str
    expires_at: datetime
    revoked_at: datetime | None


def list_accounts(database: Database) -> Iterator[AccountLine]:
    """Yield all accounts by name, of all regions."""
    table = accounts.c
    wanted = select(accounts).order_by(table.name)
    with database.reading_tables() as connection:
        for row in connection.execute(wanted):
            yield AccountLine(
                region=row.region,
                name=row.name,
                roles=tuple(row.roles),
                has_password=row.password_hash is not None,
                has_second_factor=row.second_factor is not None,
                disabled=row.disabled,
            )


def list_tokens(database: Database) -> Iterator[TokenLine]:
    """Yield all tokens by label, those that ended too."""
    table = api_tokens.c
    wanted = select(
        *(table.region, table.id, table.label, table.role),
        *(table.prefix, table.expires_at, table.revoked_at),
    )
    with database.reading_tables() as connection:
        for row in connection.execute(wanted.order_by(table.label, table.id)):
            yield TokenLine(**row._mapping)  # noqa: SLF001 - the library's public way to a mapping


def add_account(
    office: OfficeHome, name: str, *, roles: frozenset[Role], region: str, password: str
) -> Account:
    """Return a new account.

    Raises:
        Refusal: ``account-name``, ``account-roles``, ``account-exists`` or ``password-…``;
            ``okato-…``: the region is none.
    """
    made = office.sign_in.book.add(
        name, roles=roles, region=parse_okato(region), new_id=new_id, password=password
    )
    _record(office, made.region, lambda act: act.record("account.add", _KIND, made.id))
    return made


def reset_password(office: OfficeHome, name: str, password: str) -> Account:
    """Return the account under its new password; all its sessions are ended.

    Raises:
        Refusal: ``account-unknown``, ``account-stale`` or ``password-…``.
    """
    found = find_account(office, name)
    accepted = PasswordRules().accept(password, near=(found.name,))
    hashed = office.sign_in.passwords.hash(accepted)
    now = office.office.clock()
    saved = office.sign_in.stores.accounts.save(
        replace(found, password_hash=hashed, password_at=now)
    )
    office.sign_in.stores.sessions.end_all(saved.id)
    _record(office, saved.region, lambda act: act.record("account.password", _KIND, saved.id))
    return saved


def close_account(office: OfficeHome, name: str) -> Account:
    """Return the account, closed; all its sessions are ended.

    Raises:
        Refusal: ``account-unknown`` or ``account-stale``.
    """
    closed = office.sign_in.book.disable(find_account(office, name))
    _record(office, closed.region, lambda act: act.record("account.close", _KIND, closed.id))
    return closed


def find_account(office: OfficeHome, name: str) -> Account:
    """Return the account of that name; raises Refusal ``account-unknown``."""
    stored = normal_name(name)
    found = office.sign_in.stores.accounts.by_name(stored) if stored else None
    if found is None:
        raise Refusal("account-unknown", "There is no such account; see: office account list")
    return found


def issue_token(
    office: OfficeHome, label: str, *, role: Role, region: str, lasts: timedelta
) -> tuple[ApiToken, str]:
    """Return a token with all rights of its role, and its text, to be shown once.

    Raises:
        Refusal: ``token-role``, ``token-term`` or ``token-label``.
    """
    scopes = frozenset(one for one in Right if one is not Right.OPEN and may({role}, one))
    record, text = office.sign_in.api_tokens.issue(
        label, role=role, scopes=scopes, region=parse_okato(region), lasts=lasts
    )
    _record(office, region, lambda act: act.record("token.issue", _TOKEN, record.id))
    return record, text


def revoke_token(office: OfficeHome, token: UUID) -> None:
    """End a token at once; raises Refusal ``token-unknown``."""
    found = next((one for one in list_tokens(office.database) if one.id == token), None)
    if found is None:
        raise Refusal("token-unknown", "There is no such token; see: office token list")
    office.sign_in.api_tokens.revoke(token)
    _record(office, found.region, lambda act: act.record("token.revoke", _TOKEN, token))


def _record(office: OfficeHome, region: str, do: Callable[[Act], None]) -> None:
    office.office.run(SERVICE, region, do)
