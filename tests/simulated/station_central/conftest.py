"""One central service for the tests of a module; each test has books and cards of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulated.station_central.centrals import Centre


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    found = Centre(tmp_path)
    with found.serving():
        yield found
