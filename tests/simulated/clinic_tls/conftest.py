"""One authority, one service that has its certificate, one desk that was told of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.processes import Shell
from tests.simulated.clinic_tls.authority import Authority
from tests.simulated.clinic_tls.places import Place, Served, serving


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The one that the clinic's computers are told of."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Somebody who serves or enrols; there is no home yet."""
    folder = tmp_path_factory.mktemp("clinic-tls")
    variables = {
        "CARDSERVICE_HOME": str(folder / "home"),
        "CARDSERVICE_KEY_PASSPHRASE": "correct horse",
        "CARDSERVICE_LANGUAGE": "en",
        "TMPDIR": str(folder),
    }
    return Shell(folder, variables)


@pytest.fixture(scope="module")
def served(shell: Shell, authority: Authority) -> Iterator[Served]:
    """A service for one clinic, with a good certificate."""
    with serving(shell, authority.issue(), "--demo") as found:
        yield found


@pytest.fixture
def place(authority: Authority, tmp_path: Path) -> Place:
    """A desk that was not enrolled yet."""
    return Place(tmp_path / "desk", authority.file)
