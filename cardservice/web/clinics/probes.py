"""What ``/ready`` asks: each probe returns the code of what is wrong, or None.

A probe never raises; what it cannot find out is wrong.
"""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from cardservice.registry.ports import Database

Probe: TypeAlias = Callable[[], str | None]
Clock: TypeAlias = Callable[[], datetime]

LIST_AGE: Final = timedelta(minutes=90)
"""Three times the period in which a list is published: one that failed is made up for."""
SIGNER_LEFT: Final = timedelta(days=7)
FREE_MIB: Final = 200
_MIB: Final = 1 << 20
_NOBODY: Final = "0000000000000000"  # a number that is never a policy's

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "database-unreachable": "The database does not answer.",
        "list-missing": "No status list was published, or it cannot be read.",
        "list-old": "The published status list is older than 90 minutes; publishing stopped.",
        "list-of-the-future": "The published list is of a later time than this machine's clock.",
        "signer-missing": "There is no list signer.",
        "signer-ending": "The list signer ends within 7 days; its successor needs the root's key.",
        "disk-full": "Less than 200 MiB are free on the disk of the home.",
        "probe-late": "It could not be found out in time.",
    }
)


@dataclass(frozen=True, slots=True)
class ListAge:
    """How old the published list is.

    Attributes:
        facts: the file ``statuslists/N.json`` that was published with it.
    """

    facts: Path
    clock: Clock

    def read(self) -> timedelta | None:
        """Return its age; None: there is none, or nobody can read it."""
        try:
            issued = datetime.fromisoformat(json.loads(self.facts.read_bytes())["issued"])
            return self.clock() - issued
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def __call__(self) -> str | None:
        age = self.read()
        if age is None:
            return "list-missing"
        if age < timedelta(minutes=-1):
            return "list-of-the-future"
        return "list-old" if age > LIST_AGE else None


@dataclass(frozen=True, slots=True)
class SignerLeft:
    """How long the list signer is still good.

    Attributes:
        end: of the period in which it signs; asked anew each time, since it is renewed. None:
            there is no signer.
    """

    end: Callable[[], datetime | None]
    clock: Clock

    def read(self) -> timedelta | None:
        """Return the time left; None: there is no signer, or it cannot be read."""
        try:
            end = self.end()
        except Exception:  # noqa: BLE001 - whatever it was, there is no signer to be had
            return None
        return None if end is None else end - self.clock()

    def __call__(self) -> str | None:
        left = self.read()
        if left is None:
            return "signer-missing"
        return "signer-ending" if left < SIGNER_LEFT else None


@dataclass(frozen=True, slots=True)
class DatabaseUp:
    """Whether the database answers a look-up by number, which touches one page of an index."""

    database: Database

    def __call__(self) -> str | None:
        try:
            with self.database.reading() as work:
                work.policies.by_enp(_NOBODY)
        except Exception:  # noqa: BLE001 - whatever it was, it does not answer
            return "database-unreachable"
        return None


@dataclass(frozen=True, slots=True)
class DiskFree:
    """Whether there is room in a folder."""

    folder: Path
    free_mib: int = FREE_MIB

    def __call__(self) -> str | None:
        try:
            free = shutil.disk_usage(self.folder).free
        except OSError:
            return "disk-full"
        return "disk-full" if free < self.free_mib * _MIB else None
