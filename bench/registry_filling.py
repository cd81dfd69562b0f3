"""A database full of fictional policies: rows first, then what finds and guards them."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import ForeignKeyConstraint, Table, text
from sqlalchemy.schema import AddConstraint, DropConstraint

from bench.registry_cluster import running_cluster
from bench.registry_people import PARTS
from cardservice.storage.archive.members import write_table
from cardservice.storage.engine import Database, open_database
from cardservice.storage.schema import migrate, unhurried
from cardservice.storage.tables import metadata

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
# A server of 8 GB as PostgreSQL's documentation advises; everything else as it comes.
SETTINGS: Final = ("shared_buffers=2GB", "maintenance_work_mem=512MB", "max_wal_size=8GB")

_log = logging.getLogger(__name__)


@contextmanager
def full_database(kind: str, policies: int) -> Iterator[tuple[Database, str]]:
    """Give a database of ``kind`` with so many policies, and its address; then delete it."""
    with _address(kind) as url, open_database(url) as database:
        migrate(database)
        fill(database, policies)
        yield database, url


def fill(database: Database, policies: int) -> None:
    """Fill an empty, migrated database."""
    with unhurried(database) as connection:
        tables = [metadata.tables[name] for name in PARTS]
        for table in reversed(tables):
            for rule in _rules(table) if database.is_postgresql else ():
                connection.execute(DropConstraint(rule))
            for index in table.indexes:
                index.drop(connection)
        for name, part in PARTS.items():
            write_table(connection, name, part.columns, part.rows(policies))
            _log.info("%s filled", name)
        for table in tables:
            for index in table.indexes:
                index.create(connection)
            for rule in _rules(table) if database.is_postgresql else ():
                connection.execute(AddConstraint(rule))
            _log.info("%s indexed", table.name)
        connection.execute(text("ANALYZE"))


def _rules(table: Table) -> list[ForeignKeyConstraint]:
    # Only those between the tables that are filled; PostgreSQL checks each once, at the end.
    return [one for one in table.foreign_key_constraints if one.referred_table.name in PARTS]


@contextmanager
def _address(kind: str) -> Iterator[str]:
    if kind == SQLITE:
        with tempfile.TemporaryDirectory(prefix="cardservice-bench-") as folder:
            yield f"sqlite:///{Path(folder) / 'registry.sqlite3'}"
        return
    with running_cluster(*SETTINGS) as cluster:
        yield cluster.create("bench")
