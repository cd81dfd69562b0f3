"""A workshop for each test."""

from pathlib import Path

import pytest

from tests.scripts.workshop import Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    workshop = Workshop(tmp_path)
    workshop.build()
    return workshop
