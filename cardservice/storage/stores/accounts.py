"""Accounts: ``AccountStore``."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, insert, select, update

from cardservice.accounts.account import Account, SecondFactor
from cardservice.accounts.ports import StaleAccountError
from cardservice.accounts.roles import Role
from cardservice.errors import Refusal
from cardservice.storage.engine import Database
from cardservice.storage.errors import DuplicateError
from cardservice.storage.tables.access import accounts


class DatabaseAccounts:
    """Accounts of all regions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_id(self, account: UUID) -> Account | None:
        """Return the account with this id, or None."""
        return self._first(accounts.c.id == account)

    def by_name(self, name: str) -> Account | None:
        """Return the account with this name, exactly as stored, or None."""
        return self._first(accounts.c.name == name)

    def by_subject(self, issuer: str, subject: str) -> Account | None:
        """Return the account of this identity at an OpenID provider, or None."""
        return self._first((accounts.c.issuer == issuer) & (accounts.c.subject == subject))

    def of_region(self, region: str, *, after: str = "", limit: int = 50) -> tuple[Account, ...]:
        """Return at most ``limit`` accounts of a region whose names come after ``after``."""
        table = accounts.c
        here = select(accounts).where(table.region == region, table.name > after)
        with self._database.reading_tables() as connection:
            return tuple(map(_account, connection.execute(here.order_by(table.name).limit(limit))))

    def add(self, account: Account) -> None:
        """Store a new account; raises Refusal ``account-exists``."""
        try:
            with self._database.writing_tables() as connection:
                connection.execute(insert(accounts), [_values(account)])
        except DuplicateError:
            sentence = "There is such an account already."
            raise Refusal("account-exists", sentence, field="name") from None

    def save(self, account: Account) -> Account:
        """Store a change and return it with its new version; raises StaleAccountError."""
        changed = replace(account, version=account.version + 1)
        its = accounts.c.region == account.region, accounts.c.id == account.id
        kept = update(accounts).where(*its, accounts.c.version == account.version)
        with self._database.writing_tables() as connection:
            if connection.execute(kept.values(_values(changed))).rowcount != 1:
                raise StaleAccountError
        return changed

    def _first(self, condition: ColumnElement[bool]) -> Account | None:
        with self._database.reading_tables() as connection:
            found = connection.execute(select(accounts).where(condition)).first()
        return None if found is None else _account(found)


def _values(account: Account) -> dict[str, Any]:
    factor = account.second_factor
    return {
        "region": account.region,
        "id": account.id,
        "version": account.version,
        "name": account.name,
        "roles": sorted(account.roles),
        "password_hash": account.password_hash,
        "password_at": account.password_at,
        "second_factor": None if factor is None else factor.sealed,
        "last_step": None if factor is None else factor.last_step,
        "pending": account.pending,
        "recovery": [code.hex() for code in account.recovery],
        "issuer": account.issuer,
        "subject": account.subject,
        "disabled": account.disabled,
    }


def _account(record: Row[Any]) -> Account:
    factor = None
    if record.second_factor is not None:
        factor = SecondFactor(sealed=record.second_factor, last_step=record.last_step)
    return Account(
        id=record.id,
        region=record.region,
        name=record.name,
        roles=frozenset(map(Role, record.roles)),
        password_hash=record.password_hash,
        password_at=record.password_at,
        second_factor=factor,
        pending=record.pending,
        recovery=tuple(map(bytes.fromhex, record.recovery)),
        issuer=record.issuer,
        subject=record.subject,
        disabled=record.disabled,
        version=record.version,
    )
