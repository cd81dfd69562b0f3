"""A person with a new, empty folder."""

from pathlib import Path

import pytest

from tests.cli.processes import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A home is set, and not there yet."""
    variables = {
        "CARDSERVICE_HOME": str(tmp_path / "home"),
        "CARDSERVICE_KEY_PASSPHRASE": "correct horse",
        "CARDSERVICE_LANGUAGE": "en",
    }
    return Shell(tmp_path, variables)
