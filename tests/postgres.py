"""How the suite gets databases: SQLite in a file, PostgreSQL in a cluster of the test process.

A folder has the fixtures once its ``conftest.py`` imports ``cluster``, ``address`` and
``database``.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.figures import NotMeasurableError
from bench.registry_cluster import QUICK_SETTINGS, Cluster, running_cluster
from cardservice.storage.engine import Database, open_database
from cardservice.storage.schema import migrate

KINDS = ("sqlite", "postgresql")
TEMPLATE = "ready"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL cluster with a migrated database ``ready`` to copy."""
    try:
        with running_cluster(*QUICK_SETTINGS) as running:
            with open_database(running.create(TEMPLATE)) as database:
                migrate(database)
            yield running
    except NotMeasurableError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(params=KINDS)
def empty_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables, on each kind in turn."""
    yield from _address(request, tmp_path, template=None)


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database, on each kind in turn."""
    yield from _address(request, tmp_path, template=TEMPLATE)


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """A migrated, empty database, on each kind in turn."""
    with open_database(address) as opened:
        yield opened


def _address(
    request: pytest.FixtureRequest, folder: Path, *, template: str | None
) -> Iterator[str]:
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'registry.sqlite3'}"
        if template is not None:
            with open_database(url) as opened:
                migrate(opened)
        yield url
        return
    running: Cluster = request.getfixturevalue("cluster")
    name = f"test_{next(_numbers)}"
    yield running.create(name, template=template)
    running.drop(name)
