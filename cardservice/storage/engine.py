"""The database: opened by its address, worked with in transactions.

A transaction that writes has its region for itself: PostgreSQL by an advisory lock that goes with
the transaction, SQLite because it has one writer anyway. So what a rule has read stays true until
the rule's effect is stored, and the audit chain has one writer; other regions, and all readers, go
on meanwhile.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry
from typing_extensions import override

from cardservice.domain.numbers import parse_okato
from cardservice.errors import UsageError
from cardservice.storage.errors import BusyError
from cardservice.storage.faults import is_worth_another_try, translated
from cardservice.storage.repositories.base import Scope
from cardservice.storage.work import Work

T = TypeVar("T")

ATTEMPTS: Final = 5  # of one unit of work; each lost one means that somebody else got through
PAUSE_S: Final = 0.02  # before the second attempt, doubled each time
PATIENCE_S: Final = 10  # for a lock that another transaction holds
_LOOK_S: Final = 0.02
STATEMENT_S: Final = 60  # for one statement of a unit of work; long work lifts it for itself
RESTED_S: Final = 1.0  # idle for longer, a connection is asked whether it is alive
POOL: Final = 10  # connections kept, and as many again in a rush

_REGION_LOCK: Final = 0x4F4D53  # first half of the advisory locks' keys: "OMS"
_LOCK: Final = text("SELECT pg_advisory_xact_lock(:kind, :region)")
_IDLE_SINCE: Final = "idle_since"
_WRITING: Final = "cardservice_writing"
_MODE: Final = 0o600  # the file holds persons
_SQLITE: Final = "sqlite"
_POSTGRESQL: Final = "postgresql"


class Database:
    """A database that is open; safe for threads."""

    def __init__(self, engine: Engine, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._engine = engine
        self._pause = pause

    @property
    def is_postgresql(self) -> bool:
        """Whether it is PostgreSQL; otherwise it is SQLite."""
        return self._engine.dialect.name == _POSTGRESQL

    def transaction(self, work: Callable[[Work], T], *, region: str, alone: bool = True) -> T:
        """Do ``work`` wholly or not at all, and return what it returns.

        Args:
            work: called with the repositories, again when others made it impossible; so it does
                nothing that cannot be done twice.
            region: five digits; the only one that may be written.
            alone: keep other writers of the region out. Without it only versions and unique
                keys protect (for rows that no rule reads: looks, sessions).

        Raises:
            BusyError: it did not come to its turn; nothing was changed.
            Refusal: what a rule or a constraint said; nothing was changed.
            UnavailableError: the database went away; what was not yet stored may or may not be.
        """
        parse_okato(region)
        for attempt in range(ATTEMPTS):
            if attempt:
                self._pause(PAUSE_S * 2 ** (attempt - 1))
            try:
                with translated():
                    return self._attempt(work, region, alone=alone)
            except _LostRaceError:
                continue
        raise BusyError

    def _attempt(self, work: Callable[[Work], T], region: str, *, alone: bool) -> T:
        try:
            with self.connected(writing=True) as connection:
                if alone and self.is_postgresql:
                    connection.execute(_LOCK, {"kind": _REGION_LOCK, "region": int(region)})
                return work(Work(Scope(connection, region)))
        except DBAPIError as error:
            if is_worth_another_try(error):
                raise _LostRaceError from None
            raise

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """Give repositories that see one moment of the database and cannot change it."""
        with translated(), self.connected(writing=False) as connection:
            yield Work(Scope(connection, None))

    @contextmanager
    def connected(self, *, writing: bool) -> Iterator[Connection]:
        """Give a connection in a transaction, committed at the end; for work on whole tables."""
        with self._engine.connect() as connection:
            options: dict[str, Any] = {_WRITING: writing}
            if self.is_postgresql and not writing:
                options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            with connection.execution_options(**options).begin():
                yield connection

    @contextmanager
    def reading_tables(self) -> Iterator[Connection]:
        """Give a connection for a small reading transaction outside a unit of work."""
        with translated(), self.connected(writing=False) as connection:
            yield connection

    @contextmanager
    def writing_tables(self) -> Iterator[Connection]:
        """Give a connection for a small writing transaction outside a unit of work."""
        with translated(), self.connected(writing=True) as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @override
    def __repr__(self) -> str:
        return f"<Database {self._engine.dialect.name}>"  # the address may hold a password


class _LostRaceError(Exception):
    """Others were faster; the same work may well succeed now."""


def open_database(url: str) -> Database:
    """Return the database at ``url``; nothing is created but an empty SQLite file.

    Args:
        url: ``sqlite:///FILE`` or ``postgresql://USER@HOST/NAME``. A password is better left to
            libpq's password file or PGPASSWORD.

    Raises:
        UsageError: another kind of address; the message does not quote it.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == _SQLITE:
        return Database(_open_sqlite(parsed))
    return Database(_open_postgresql(parsed))


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UsageError("the database's address is no URL") from None
    kind = parsed.drivername.partition("+")[0]
    if kind == _SQLITE and parsed.database and parsed.database != ":memory:":
        return parsed.set(drivername=_SQLITE)
    if kind == _POSTGRESQL and parsed.database:
        return parsed.set(drivername="postgresql+psycopg")
    raise UsageError("the database's address begins with sqlite:///FILE or postgresql://")


def _open_sqlite(url: URL) -> Engine:
    path = Path(url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # SQLite gives the files beside it (-wal, -shm) the mode of this one.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, _MODE))
    engine = create_engine(
        url, hide_parameters=True, pool_size=POOL, connect_args={"timeout": PATIENCE_S}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    _write_ahead(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any) -> None:
    """Turn the write-ahead log on, which SQLite does not wait for while another does the same."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(_LOOK_S)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the only lock at once: one that read first could not wait for it any more.
    writing = connection.get_execution_options().get(_WRITING, True)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _open_postgresql(url: URL) -> Engine:
    limits = f"-c timezone=UTC -c lock_timeout={PATIENCE_S}s -c statement_timeout={STATEMENT_S}s"
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=POOL,
        max_overflow=POOL,
        pool_timeout=PATIENCE_S,
        connect_args={"options": limits, "connect_timeout": PATIENCE_S},
    )
    event.listen(engine, "checkin", _note_the_time)
    event.listen(engine, "checkout", _require_alive)
    return engine


def _note_the_time(_: Any, entry: ConnectionPoolEntry) -> None:
    entry.info[_IDLE_SINCE] = time.monotonic()


def _require_alive(connection: Any, entry: ConnectionPoolEntry, _: object) -> None:
    # A connection that rested may have died unnoticed (the server was restarted); one that was
    # used a moment ago is not asked, since that would double the time of a look-up.
    rested = time.monotonic() - entry.info.get(_IDLE_SINCE, time.monotonic())
    if rested > RESTED_S and not _answers(connection):
        raise DisconnectionError


def _answers(connection: Any) -> bool:
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error:
        return False
    return True
