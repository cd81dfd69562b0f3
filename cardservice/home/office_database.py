"""The office's database as the settings name it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from cardservice.errors import UsageError
from cardservice.home.office_secrets import read_secret
from cardservice.settings import Settings
from cardservice.storage.engine import Database, open_database
from cardservice.storage.schema import require_current

FILE: Final = "registry.sqlite3"


def database_address(settings: Settings) -> str:
    """Return the address with its password, if a file of it is named; not to be shown.

    Raises:
        UsageError: the address is no URL, or the file cannot be used.
    """
    address = settings.database or f"sqlite:///{settings.home / FILE}"
    if settings.database_password_file is None:
        return address
    password = read_secret(settings.database_password_file, named="setting database_password_file")
    try:
        whole = make_url(address).set(password=password)
    except ArgumentError:
        raise UsageError("the database's address is no URL") from None
    return whole.render_as_string(hide_password=False)


@contextmanager
def office_database(settings: Settings) -> Iterator[Database]:
    """Lend the database, its tables those of this program.

    Raises:
        UsageError: its address is of another kind.
        Refusal: ``database-empty``, ``database-older`` or ``database-newer``.
        UnavailableError: nobody answers there.
    """
    with open_database(database_address(settings)) as database:
        require_current(database)
        yield database
