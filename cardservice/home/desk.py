"""A desk's home: where it is enrolled and what it is called there, its files, who works with them.

``desk/enrolment.json`` is written last of all when a desk is enrolled, and goes first when it
leaves: a desk is enrolled or it is not.
"""

import fcntl
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cardservice.errors import Refusal
from cardservice.home.enrolment import DeskFolder
from cardservice.home.folder import Folder, damaged_file, read_whole, write_atomically
from cardservice.settings import Settings

_KIND: Final = "cardservice desk enrolment"
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class DeskHome:
    """The paths of a desk; ``kept`` is the folder of what it keeps fresh and reports."""

    folder: Folder
    kept: Path

    @property
    def files(self) -> DeskFolder:
        """The bundle and the last request."""
        return DeskFolder(self.folder.path)

    @property
    def enrolment(self) -> Path:
        """Where the desk is enrolled."""
        return self.folder.path / "desk" / "enrolment.json"

    @property
    def begun(self) -> Path:
        """An enrolment whose answer has not come yet."""
        return self.folder.path / "desk" / "enrolling.json"

    @property
    def queue(self) -> Path:
        """What the service was not told yet."""
        return self.kept / "presentations.jsonl"

    @property
    def lock(self) -> Path:
        """Held by the one process that works with ``kept``."""
        return self.kept / "lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEnrolment:
    """Where a desk is enrolled.

    Attributes:
        service: its address, as it was given then.
        client_id: the service's name for the desk.
        clinic, desk: their names.
        region: OKATO, five digits.
        key: name of the assertion key in the key store.
        roots: self-signed certificates, DER, pinned then.
    """

    service: str
    client_id: str
    clinic: str
    desk: str
    region: str
    key: str
    roots: tuple[bytes, ...] = field(repr=False)


def desk_home(settings: Settings) -> DeskHome:
    """Return the paths of the desk of these settings, whether there is one or not."""
    kept = settings.desk_folder or settings.home / "desk"
    return DeskHome(Folder(settings.home), kept.expanduser())


def enrolment_of(home: DeskHome) -> DeskEnrolment | None:
    """Return where the desk is enrolled; None: nowhere.

    Raises:
        Refusal: ``home-damaged``.
    """
    if not home.enrolment.exists():
        return None
    try:
        return _enrolment(json.loads(read_whole(home.enrolment)))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise damaged_file(home.enrolment, "it is no enrolment of this version") from None


def require_enrolled(home: DeskHome) -> DeskEnrolment:
    """Return where the desk is enrolled; raises Refusal ``desk-not-enrolled``."""
    found = enrolment_of(home)
    if found is None:
        sentence = "This desk is not enrolled; begin with: cardservice desk enrol"
        raise Refusal("desk-not-enrolled", sentence)
    return found


def require_free(home: DeskHome) -> None:
    """Return if the desk can be enrolled; raises Refusal ``desk-enrolled``."""
    found = enrolment_of(home)
    if found is not None:
        sentence = f"This desk is enrolled as {found.desk}; leave first: cardservice desk leave"
        raise Refusal("desk-enrolled", sentence)


def write_enrolment(home: DeskHome, enrolment: DeskEnrolment) -> None:
    """Put down where the desk is enrolled."""
    said = {
        "kind": _KIND,
        "format": _FORMAT,
        "service": enrolment.service,
        "client_id": enrolment.client_id,
        "clinic": enrolment.clinic,
        "desk": enrolment.desk,
        "region": enrolment.region,
        "key": enrolment.key,
        "roots": [b64encode(one).decode("ascii") for one in enrolment.roots],
    }
    write_atomically(home.enrolment, json.dumps(said, ensure_ascii=False).encode() + b"\n")


def leave(home: DeskHome) -> None:
    """Forget the enrolment, what was kept for it, and the pairings; harmless when repeated.

    Keys stay in the key store, where no certificate speaks for them any more, until
    ``desk_keys.remove_desk_keys``.
    """
    named = (home.enrolment, home.begun, home.files.bundle, home.files.request)
    found = (
        home.kept / name for name in ("time.json", "trust.jws", "pairings.json", home.queue.name)
    )
    for path in (*named, *found, *home.kept.glob("status-list-*.cwt")):
        path.unlink(missing_ok=True)


@contextmanager
def alone_at(home: DeskHome) -> Iterator[None]:
    """Have the desk's folder for this process alone, for the length of the block.

    Raises:
        Refusal: ``desk-running``: another process has it.
    """
    home.kept.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(home.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sentence = "This desk is at work in another process; it does this by itself."
            raise Refusal("desk-running", sentence) from None
        yield
    finally:
        os.close(descriptor)  # the lock goes with it


def is_at_work(home: DeskHome) -> bool:
    """Return whether some process works with the desk's folder now."""
    if not home.lock.exists():
        return False
    try:
        with alone_at(home):
            return False
    except Refusal:
        return True


def _enrolment(said: Mapping[str, Any]) -> DeskEnrolment:
    if (said["kind"], said["format"]) != (_KIND, _FORMAT):
        raise ValueError
    names = ("service", "client_id", "clinic", "desk", "region", "key")
    texts = {name: said[name] for name in names}
    if not all(isinstance(one, str) for one in texts.values()) or not said["roots"]:
        raise TypeError
    roots = tuple(b64decode(one, validate=True) for one in said["roots"])
    return DeskEnrolment(**texts, roots=roots)
