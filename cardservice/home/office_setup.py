"""An office's beginnings: its keys and tables; and the way back to them by passphrase."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cardservice.errors import Refusal
from cardservice.home.folder import Folder, read_marker
from cardservice.home.office import OfficeHome, open_office
from cardservice.home.office_database import database_address
from cardservice.home.office_keys import make_office_keys
from cardservice.keystores.passphrase import Passphrase
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.pki.keys import KeyStore
from cardservice.settings import Settings
from cardservice.storage.engine import open_database
from cardservice.storage.schema import migrate


@dataclass(frozen=True, slots=True)
class MadeOffice:
    """What a set-up made: names of keys, and the revision of the tables."""

    keys: tuple[str, ...]
    revision: str


def make_office(settings: Settings, keys: KeyStore) -> MadeOffice:
    """Make the keys and tables of an office that are not there yet; harmless when they are.

    Raises:
        Refusal: ``demonstration-home`` in production; what the database says.
        KeyStoreError: the key store refused.
    """
    require_allowed(settings)
    made = make_office_keys(Folder(settings.home), keys)
    return MadeOffice(made, make_tables(settings))


def make_tables(settings: Settings) -> str:
    """Make the tables of the database, or bring them up to date; return their revision.

    Raises:
        UsageError, Refusal, UnavailableError: what the database says.
    """
    with open_database(database_address(settings)) as database:
        return migrate(database)


@contextmanager
def office_of(settings: Settings, passphrase: Passphrase) -> Iterator[OfficeHome]:
    """Lend the office of the home folder, its keys opened with ``passphrase``.

    Raises:
        UsageError, Refusal, KeyStoreError: as ``open_office``.
    """
    require_allowed(settings)
    keys = SoftwareKeyStore(Folder(settings.home).keys, passphrase)
    with open_office(settings, keys) as office:
        yield office


def require_allowed(settings: Settings) -> None:
    """Return unless production would serve from a demonstration's home.

    Raises:
        Refusal: ``demonstration-home``.
    """
    folder = Folder(settings.home)
    if settings.production and folder.marker.is_file() and read_marker(folder)["demonstration"]:
        raise Refusal("demonstration-home", "Production refuses this demonstration home.")
