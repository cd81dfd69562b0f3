"""The files in which a desk keeps what it knows; each is replaced whole, for its owner alone.

Nothing in them is believed because it lies here: tokens and lists are signed and verified again
when they are read. The time bound is not signed; a lower one makes a desk that cannot be sure.
"""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cardservice.desk.kept import FILE_DAMAGED, FILE_UNWRITTEN
from cardservice.desk.proven_time import TimeBound
from cardservice.home.folder import write_atomically
from cardservice.pki.service_tokens import LONGEST_TRUST_TOKEN

_FORMAT: Final = 1
_LONGEST_BOUND: Final = 4_096


@dataclass(frozen=True, slots=True)
class FileNote:
    """Something about a file that whoever looks after the desk may want to know.

    Attributes:
        code: ``desk-file-damaged``: it was left aside; ``desk-file-unwritten``: the disk is full,
            or not to be written.
        name: of the file, without its folder.
    """

    code: str
    name: str


class DeskFiles:
    """``desk.kept.Kept`` as files of one folder; safe to share between threads.

    Args:
        folder: the desk's own; made when something is kept.
        note: hears of each fault once, until it has passed.
    """

    def __init__(self, folder: Path, *, note: Callable[[FileNote], None] = lambda _: None) -> None:
        self._folder, self._note = folder, note
        self._noted: set[FileNote] = set()
        self._lock = threading.Lock()

    def bound(self) -> TimeBound | None:
        """Return the time bound; None: there is none, or it is damaged."""
        octets = self._read(self._bound_file, longest=_LONGEST_BOUND)
        if octets is None:
            return None
        try:
            return _bound_of(json.loads(octets))
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            self._damaged(self._bound_file)
            return None

    def trust(self) -> str | None:
        """Return the trust token; None as ``bound``."""
        octets = self._read(self._trust_file, longest=LONGEST_TRUST_TOKEN)
        if octets is None:
            return None
        try:
            return octets.decode("ascii")
        except UnicodeDecodeError:
            self._damaged(self._trust_file)
            return None

    def status_list(self, number: int, *, longest: int) -> bytes | None:
        """Return the octets of that list; None as ``bound``."""
        return self._read(self._list_file(number), longest=longest)

    def keep_bound(self, bound: TimeBound) -> None:
        """Put the time bound on the disk; a fault is noted."""
        said = {
            "format": _FORMAT,
            "at": bound.at.isoformat(),
            "proved_at": None if bound.proved_at is None else bound.proved_at.isoformat(),
        }
        self._write(self._bound_file, json.dumps(said).encode() + b"\n")

    def keep_trust(self, token: str) -> None:
        """Put the trust token on the disk; a fault is noted."""
        self._write(self._trust_file, token.encode("ascii", "replace"))

    def keep_list(self, number: int, octets: bytes) -> None:
        """Put that list on the disk; a fault is noted."""
        self._write(self._list_file(number), octets)

    @property
    def _bound_file(self) -> Path:
        return self._folder / "time.json"

    @property
    def _trust_file(self) -> Path:
        return self._folder / "trust.jws"

    def _list_file(self, number: int) -> Path:
        return self._folder / f"status-list-{number}.cwt"

    def _read(self, path: Path, *, longest: int) -> bytes | None:
        try:
            with path.open("rb") as file:
                octets = file.read(longest + 1)
        except FileNotFoundError:
            return None
        except OSError:
            octets = b""
        if 0 < len(octets) <= longest:
            return octets
        self._damaged(path)
        return None

    def _write(self, path: Path, octets: bytes) -> None:
        note = FileNote(FILE_UNWRITTEN, path.name)
        with self._lock:
            try:
                write_atomically(path, octets)
            except OSError:
                self._once(note)
                return
            self._noted -= {note, FileNote(FILE_DAMAGED, path.name)}

    def _damaged(self, path: Path) -> None:
        with self._lock:
            self._once(FileNote(FILE_DAMAGED, path.name))

    def _once(self, note: FileNote) -> None:
        if note not in self._noted:
            self._noted.add(note)
            with suppress(Exception):  # a listener's fault is no fault of the file
                self._note(note)


def _bound_of(said: Any) -> TimeBound:
    if said["format"] != _FORMAT:
        raise ValueError
    proved_at = said["proved_at"]
    return TimeBound(
        at=_moment(said["at"]), proved_at=None if proved_at is None else _moment(proved_at)
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)
