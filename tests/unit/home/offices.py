"""Offices in a folder of the test, their keys opening fast."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cardservice.home.office import OfficeHome, open_office
from cardservice.home.office_setup import make_office
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.settings import Settings, load_settings

REGION = "45000"
PASSWORD = "granite pelican violin teapot"  # noqa: S105 - of fictional clerks
CHEAP_HASHES = {"argon2_time_cost": 1, "argon2_memory_kib": 8, "argon2_parallelism": 1}


def settings_of(folder: Path, **changes: Any) -> Settings:
    """Return settings of an office in ``folder``, its password hashes cheap."""
    return load_settings(**({"home": folder, "region": REGION} | CHEAP_HASHES | changes))


def new_keys() -> InsecureMemoryKeyStore:
    """Return an empty key store."""
    return InsecureMemoryKeyStore(production=False)


@contextmanager
def new_office(folder: Path, **changes: Any) -> Iterator[OfficeHome]:
    """Lend an office that was just set up."""
    settings, keys = settings_of(folder, **changes), new_keys()
    make_office(settings, keys)
    with open_office(settings, keys) as office:
        yield office
