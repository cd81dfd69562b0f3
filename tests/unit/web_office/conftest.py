"""An office that answers, over an empty SQLite database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cardservice.storage.engine import open_database
from tests.office_world import World, new_world
from tests.registry.conftest import ready_file

__all__ = ["ready_file", "world"]


@pytest.fixture
def world(ready_file: Path, tmp_path: Path) -> Iterator[World]:
    """An office whose scans lie in a folder of this test."""
    path = tmp_path / "registry.sqlite3"
    path.write_bytes(ready_file.read_bytes())
    with open_database(f"sqlite:///{path}") as opened:
        yield new_world(opened, tmp_path / "scans")
