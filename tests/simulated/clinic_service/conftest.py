"""An issuer's home with an office, as files, for processes to serve."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.processes import Shell
from tests.registry.conftest import ready_file
from tests.unit.web_clinics.service_world import Service, new_service

__all__ = ["home", "ready_file", "service"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A person at a home that was set up; its list has room for few cards."""
    folder = tmp_path_factory.mktemp("clinics")
    variables = {
        "CARDSERVICE_HOME": str(folder / "home"),
        "CARDSERVICE_KEY_PASSPHRASE": "correct horse",
        "CARDSERVICE_LANGUAGE": "en",
        "CARDSERVICE_REGION": "45000",
        "CARDSERVICE_STATUS_LIST_PLACES": "1024",
    }
    shell = Shell(folder, variables)
    for command in (("init",), ("office", "init")):
        done = shell.run(*command)
        assert done.returncode == 0, done.stderr
    return shell


@pytest.fixture
def service(ready_file: Path, tmp_path: Path) -> Iterator[Service]:
    """A service in this process."""
    with new_service(tmp_path / "home", database=ready_file) as made:
        yield made
