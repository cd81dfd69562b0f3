"""The tables' revisions: brought up to date, and compared with what this program expects."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from cardservice.errors import Refusal
from cardservice.storage.faults import translated
from cardservice.storage.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardservice.storage.engine import Database

_FOLDER: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x4F4D5301  # advisory: one process migrates, others wait and find it done
HEAD: Final = "head"


def migrate(database: "Database", *, revision: str = HEAD) -> str:
    """Bring the tables to ``revision``, the newest unless told; return its name.

    All of it happens or nothing.

    Raises:
        Refusal: ``database-newer``: the database was made by a newer program.
    """
    with translated(), unhurried(database) as connection:
        return migrate_on(connection, revision=revision)


def migrate_on(connection: Connection, *, revision: str = HEAD) -> str:
    """Do what ``migrate`` does in a writing transaction that is under way."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    _require_known(revision_on(connection))
    command.upgrade(_config(connection), revision)
    return revision_on(connection) or ""


def current_revision(database: "Database") -> str | None:
    """Return the revision of the database's tables, None: it has none of ours."""
    with translated(), database.connected(writing=False) as connection:
        return revision_on(connection)


def newest_revision() -> str:
    """Return the revision this program works with."""
    return revisions()[-1]


def revisions() -> tuple[str, ...]:
    """Return every revision, the first one first."""
    scripts = ScriptDirectory.from_config(_config(None)).walk_revisions()
    return tuple(one.revision for one in scripts)[::-1]


def require_current(database: "Database") -> None:
    """Return if the database's tables are those of this program.

    Raises:
        Refusal: ``database-empty``, ``database-older`` or ``database-newer``.
    """
    found = current_revision(database)
    _require_known(found)
    if found != newest_revision():
        code = "database-empty" if found is None else "database-older"
        sentence = "The database's tables are not up to date; run: cardservice database migrate"
        raise Refusal(code, sentence)


def differences(database: "Database") -> list[object]:
    """Return how the database's tables differ from the program's; nothing when migrated."""
    with translated(), database.connected(writing=False) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


@contextmanager
def unhurried(database: "Database") -> "Iterator[Connection]":
    """Give a connection in a writing transaction without a limit of time for a statement."""
    with database.connected(writing=True) as connection:
        if database.is_postgresql:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        yield connection


def revision_on(connection: Connection) -> str | None:
    """Return the revision of the tables that ``connection`` sees, None: there are none of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def _require_known(revision: str | None) -> None:
    if revision is not None and revision not in revisions():
        sentence = "The database was made by a newer version of this program; install that one."
        raise Refusal("database-newer", sentence)


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
