"""From what a database driver raises to what a caller can do about it.

Drivers quote values and addresses in their messages; nothing of a message leaves this module.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from cardservice.errors import CardServiceError, Refusal
from cardservice.storage.errors import (
    BusyError,
    DanglingError,
    DuplicateError,
    UnavailableError,
)

# SQLSTATE, PostgreSQL's appendix A: serialization_failure and deadlock_detected.
_AGAIN: Final = frozenset({"40001", "40P01"})
_WAITED: Final = frozenset({"55P03", "57014"})  # lock_not_available, query_canceled (time limit)
_UNIQUE: Final = "23505"
_FOREIGN_KEY: Final = "23503"
_UNDEFINED: Final = frozenset({"42P01", "42703"})  # undefined_table, undefined_column
_FULL: Final = frozenset({"53100", "SQLITE_FULL"})  # disk_full
_GONE: Final = ("08", "57P")  # connection_exception; shutdown and crash
_SQLITE_NAMES: Final = {
    "SQLITE_BUSY": "55P03",
    "SQLITE_BUSY_SNAPSHOT": "40001",
    "SQLITE_LOCKED": "55P03",
    "SQLITE_CONSTRAINT_UNIQUE": _UNIQUE,
    "SQLITE_CONSTRAINT_PRIMARYKEY": _UNIQUE,
    "SQLITE_CONSTRAINT_FOREIGNKEY": _FOREIGN_KEY,
}
_SQLITE_TABLE: Final = re.compile(r"constraint failed: (\w+)\.")


class DatabaseFaultError(CardServiceError):
    """The database refused a statement of ours: a bug, or a damaged database."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise our errors for the driver's.

    Raises:
        BusyError, DuplicateError, DanglingError, UnavailableError, DatabaseFaultError, or Refusal
            ``database-schema`` or ``database-full``.
    """
    try:
        yield
    except PoolTimeoutError:
        raise BusyError from None
    except DBAPIError as error:
        raise _ours(error) from None


def is_worth_another_try(error: DBAPIError) -> bool:
    """Return whether the transaction was given up only because of others, and has no effect."""
    return _code(error) in _AGAIN


def _ours(error: DBAPIError) -> CardServiceError:
    code = _code(error)
    for applies, make in _TABLE:
        if applies(error, code):
            return make(error)
    return DatabaseFaultError(f"the database refused a statement ({code or 'no code'})")


def _code(error: DBAPIError) -> str:
    original = error.orig
    if isinstance(original, sqlite3.Error):
        name = getattr(original, "sqlite_errorname", "")
        return _SQLITE_NAMES.get(name, name)
    return getattr(original, "sqlstate", None) or ""


def _table(error: DBAPIError) -> str:
    if isinstance(error.orig, sqlite3.Error):
        found = _SQLITE_TABLE.search(str(error.orig))
        return found[1] if found else ""
    return getattr(getattr(error.orig, "diag", None), "table_name", None) or ""


def _is_gone(error: DBAPIError, code: str) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        return code in {"SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_AUTH"}
    lost = isinstance(error, OperationalError | InterfaceError) and not code
    return error.connection_invalidated or lost or code.startswith(_GONE)


def _is_old(error: DBAPIError, code: str) -> bool:
    is_sqlite = isinstance(error.orig, sqlite3.Error)
    return code in _UNDEFINED or (is_sqlite and str(error.orig).startswith("no such "))


_TABLE: Final[
    tuple[tuple[Callable[[DBAPIError, str], bool], Callable[[DBAPIError], CardServiceError]], ...]
] = (
    (lambda _, code: code in _AGAIN | _WAITED, lambda _: BusyError()),
    (lambda _, code: code == _UNIQUE, lambda error: DuplicateError(_table(error))),
    (lambda _, code: code == _FOREIGN_KEY, lambda _: DanglingError()),
    (
        lambda _, code: code in _FULL,
        lambda _: Refusal("database-full", "The database's disk is full; nothing was changed."),
    ),
    (
        _is_old,
        lambda _: Refusal(
            "database-schema",
            "The database has other tables than this program; run: cardservice database migrate",
        ),
    ),
    (_is_gone, lambda _: UnavailableError()),
)
