"""A real office on the loopback interface."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office_world import World, served
from tests.simulated.station_sources.stage import Stations
from tests.unit.web_office.conftest import ready_file, world

__all__ = ["ready_file", "stations", "world"]


@pytest.fixture
def stations(world: World, tmp_path: Path) -> Iterator[Stations]:
    """An office that is served, and its stations to be."""
    with served(world) as address:
        yield Stations(world, address, tmp_path / "stations")
