"""The status list as the service publishes it by itself, and as it sends it out."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Final

from cardservice.home.clinics_locking import if_alone
from cardservice.home.clinics_signing import FreshnessSigner
from cardservice.home.folder import Folder
from cardservice.home.status_lists import (
    ASK_AGAIN,
    PUBLISHED,
    ListPlaces,
    build_list,
    etag,
    list_uri,
    publish_list,
)
from cardservice.home.status_lists_rows import register_rows
from cardservice.pki.status_list_tokens import TokenForm
from cardservice.registry.stations_numbers import LIST_NUMBER
from cardservice.storage.engine import Database

_LOCK: Final = "statuslists.lock"
_JSON: Final = "json"
_MOST_KEPT: Final = 8  # files in memory: a list has three


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file as it is sent: its octets, what it is called, its entity tag in quotes."""

    octets: bytes
    media_type: str
    etag: str


class PublishedLists:
    """The files under ``statuslists``, each kept in memory until it is replaced."""

    max_age: Final = ASK_AGAIN

    def __init__(self, folder: Folder) -> None:
        self.folder = folder.path / PUBLISHED
        self._lock = Lock()
        self._kept: dict[str, tuple[tuple[int, int], PublishedFile]] = {}

    def find(self, number: int, suffix: str) -> PublishedFile | None:
        """Return what is published, None: nothing of that kind is.

        Args:
            number: of the list.
            suffix: ``cwt``, ``jwt`` or ``json``.
        """
        name = f"{number}.{suffix}"
        path = self.folder / name
        try:
            facts = path.stat()
            seen = (facts.st_mtime_ns, facts.st_ino)
            with self._lock:
                kept = self._kept.get(name)
            if kept is None or kept[0] != seen:
                kept = (seen, _file(path, suffix))
                self._keep(name, kept)
        except OSError:
            return None
        return kept[1]

    def issued(self, number: int) -> datetime | None:
        """Return when that list was published last, UTC; None: it never was, or nobody can tell."""
        path = self.folder / f"{number}.{_JSON}"
        try:
            return datetime.fromisoformat(json.loads(path.read_bytes())["issued"]).astimezone(UTC)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self, name: str, kept: tuple[tuple[int, int], PublishedFile]) -> None:
        with self._lock:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[name] = kept


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPublisher:
    """Builds, signs and publishes the list when its time has come, one process at a time.

    Attributes:
        address: where desks find the service; part of the list's name.
        size: places of the list.
        every: the period.
    """

    folder: Folder
    database: Database
    signer: FreshnessSigner
    published: PublishedLists
    address: str
    size: int
    every: timedelta
    clock: Callable[[], datetime]

    def publish_if_due(self) -> bool:
        """Publish unless the list is fresh or another process does it; return whether it did.

        Raises:
            Refusal: ``no-list-signer``, ``status-list-clock``, or what the database says.
            KeyStoreError: the signer's key cannot be opened.
        """
        if not self._is_due():
            return False
        with if_alone(self.folder.path / _LOCK) as ours:
            if not ours or not self._is_due():
                return False
            self._publish()
            return True

    def _is_due(self) -> bool:
        issued = self.published.issued(LIST_NUMBER)
        # A time to come is that of a clock that was set back since: publishing tells.
        return issued is None or not timedelta() <= self.clock() - issued < self.every

    def _publish(self) -> None:
        places = ListPlaces(self.folder, LIST_NUMBER, self.published.folder)
        at = self.clock()
        with register_rows(self.database) as rows:
            built = build_list(places, rows, size=self.size)
        uri = list_uri(self.address, LIST_NUMBER)
        publish_list(places, built.kept, self.signer.signer(), uri=uri, at=at)


def _file(path: Path, suffix: str) -> PublishedFile:
    octets = path.read_bytes()
    kind = "application/json" if suffix == _JSON else TokenForm(suffix).media_type
    return PublishedFile(octets, kind, etag(octets))
