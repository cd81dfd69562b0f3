from pathlib import Path

import pytest

from tests.unit.printing.fake_cups import FakeCups


@pytest.fixture
def cups(tmp_path: Path) -> FakeCups:
    return FakeCups(tmp_path)
