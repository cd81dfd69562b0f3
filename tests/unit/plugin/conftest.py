"""A project for each test, and one zoo for all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.testing import TrayOfTest
from simulators.zoo import Zoo, open_zoo
from tests.pcsc_stack import pcsc_namespace, pcscd
from tests.unit.plugin.running import Project

__all__ = ["pcsc_namespace", "pcscd"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="session")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Zoo:
    return open_zoo(tmp_path_factory.mktemp("zoo") / "animals")


@pytest.fixture
def tray() -> Iterator[TrayOfTest]:
    with TrayOfTest() as tray:
        yield tray
