"""A desk for each test."""

from pathlib import Path

import pytest

from tests.unit.web_local.world import World, world


@pytest.fixture
def desk(tmp_path: Path) -> World:
    return world(tmp_path)
