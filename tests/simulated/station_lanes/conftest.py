"""Floors for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pcsc_stack import pcsc_namespace, pcscd
from tests.simulated.station_lanes.lanes import Floor, new_floor

__all__ = ["floor", "pcsc_namespace", "pcscd"]


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    opened = new_floor(tmp_path)
    yield opened
    opened.close()
