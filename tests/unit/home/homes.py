"""Home folders for tests, their keys in memory."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.issuer import utc_now
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.settings import Settings, load_settings
from tests.chain import FUND


@dataclass(frozen=True)
class Premises:
    """A folder and the keys that belong to it."""

    folder: Folder
    keys: InsecureMemoryKeyStore

    def settings(self, *, production: bool = False) -> Settings:
        return settings_at(self.folder.path, production=production)


def settings_at(path: Path, *, production: bool = False) -> Settings:
    """Return the settings of a home at ``path``, whether there is one or not."""
    return load_settings(home=path, production=production)


def new_premises(path: Path, *, at: datetime | None = None, demonstration: bool = True) -> Premises:
    """Return a home that was set up at ``at``, now when nothing else is said."""
    premises = Premises(Folder(path), InsecureMemoryKeyStore(production=False))
    wish = NewHome(fund=FUND, demonstration=demonstration)
    moment = utc_now() if at is None else at
    establish(premises.folder, premises.keys, wish, entropy=secrets.token_bytes, at=moment)
    return premises
