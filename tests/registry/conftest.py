"""An office over each database in turn, and over SQLite alone where the database is no matter."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cardservice.storage.engine import Database, open_database
from cardservice.storage.schema import migrate
from tests.postgres import address, cluster, database, empty_address
from tests.registry.offices import Desk, new_desk

__all__ = ["address", "cluster", "database", "empty_address"]


@pytest.fixture(scope="session")
def ready_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("ready") / "registry.sqlite3"
    with open_database(f"sqlite:///{path}") as opened:
        migrate(opened)
    return path


@pytest.fixture
def desk(ready_file: Path, tmp_path: Path) -> Iterator[Desk]:
    """An office with an empty SQLite database."""
    path = tmp_path / "registry.sqlite3"
    path.write_bytes(ready_file.read_bytes())
    with open_database(f"sqlite:///{path}") as opened:
        yield new_desk(opened)


@pytest.fixture
def either_desk(database: Database) -> Desk:
    """An office with an empty database, on SQLite and on PostgreSQL."""
    return new_desk(database)
