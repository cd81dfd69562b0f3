"""A verification service over an empty SQLite database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.registry.conftest import ready_file
from tests.unit.web_clinics.service_world import Service, new_service

__all__ = ["ready_file", "service"]


@pytest.fixture
def service(ready_file: Path, tmp_path: Path) -> Iterator[Service]:
    """A service whose home lies in a folder of this test."""
    with new_service(tmp_path / "home", database=ready_file) as made:
        yield made
