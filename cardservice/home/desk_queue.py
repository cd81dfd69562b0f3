"""What a desk has yet to tell the service: an append-only file, in order, each told once.

One line a record: the CRC-32 of what follows, in hexadecimal, a space, and JSON: a presentation,
or the ids of those that need not be told any more. A process that is killed at any octet leaves
a last line that is not whole; it is cut off when the file is opened again. The file is written
anew, whole or not at all, when most of it is history.
"""

import json
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zlib import crc32

from cardservice.desk.presentations import Presentation
from cardservice.desklink.presentations import read_presentation, say_presentation
from cardservice.errors import MalformedDataError, Refusal
from cardservice.home.folder import write_atomically

MOST: Final = 100_000
"""Presentations that wait; a busy desk has 300 a day, so this is most of a year alone."""
_HISTORY: Final = 2_000  # records that say nothing any more before the file is written anew
_CRC: Final = 8  # hexadecimal digits
_LONGEST_LINE: Final = 64 << 10  # a hundred ids have 4 KiB
_SYNC_EVERY_S: Final = 60.0  # the thread that syncs looks for its end so often, told or not


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """How the queue stands, for whoever looks after the desk.

    Attributes:
        waiting: presentations not told yet.
        overflowed: that found no room since the desk started, and are not told.
        unwritten: that wait in memory alone, since the disk takes nothing.
        damaged: lines of the file that were not what was written; a copy lies beside it.
    """

    waiting: int = 0
    overflowed: int = 0
    unwritten: int = 0
    damaged: int = 0


@dataclass(slots=True)
class _Loaded:
    """What a file holds."""

    waiting: dict[UUID, Presentation] = field(default_factory=dict)
    records: int = 0
    damaged: int = 0
    torn: bool = False


class PresentationQueue:
    """The queue of one desk; one process has it, several of its threads use it.

    What ``add`` was given outlives the process when it returns; a thread of the queue's own puts
    it on the disk at once, so that nobody at the desk waits for that.

    Args:
        path: of the file; its folder is made.
        most: presentations that wait at once.

    Raises:
        Refusal: ``home-damaged``: the file cannot be read or written at all.
    """

    def __init__(self, path: Path, *, most: int = MOST) -> None:
        self._path, self._most = path, most
        self._file = -1
        self._lock = threading.Lock()
        self._dirty = threading.Event()
        self._closing = False
        try:
            self._open()
        except OSError as error:
            why = error.strerror or "unusable"
            raise Refusal("home-damaged", f"{path}: {why}; free room, or restore it.") from None
        self._syncing = threading.Thread(target=self._sync, name="desk queue", daemon=True)
        self._syncing.start()

    @property
    def state(self) -> QueueState:
        """How it stands now."""
        with self._lock:
            return QueueState(
                waiting=len(self._waiting),
                overflowed=self._overflowed,
                unwritten=len(self._unwritten),
                damaged=self._damaged,
            )

    def add(self, presentation: Presentation) -> None:
        """Take a presentation to be told later; a ``desk.presentations.Report``.

        Never raises. One for which there is no room is counted, and none that waits gives way.
        """
        with self._lock:
            if presentation.id in self._waiting:
                return
            if len(self._waiting) >= self._most:
                self._overflowed += 1
                return
            self._waiting[presentation.id] = presentation
            self._unwritten[presentation.id] = presentation
            self._write_waiting()

    def first(self, count: int) -> Sequence[Presentation]:
        """Return the first that wait, in the order they came."""
        with self._lock:
            found = iter(self._waiting.values())
            return [one for one, _ in zip(found, range(count), strict=False)]

    def done(self, ids: Iterable[UUID]) -> None:
        """Forget these: the service has them, or never will take them.

        When the disk takes nothing they are told again after a restart; the service knows ids.
        """
        with self._lock:
            known = [one for one in ids if self._waiting.pop(one, None) is not None]
            written = [str(one) for one in known if self._unwritten.pop(one, None) is None]
            if written and self._append({"done": written}):
                self._records += 1
            if not self._waiting:
                self._empty()
            elif self._records - len(self._waiting) > max(_HISTORY, len(self._waiting)):
                self._write_anew()

    def close(self) -> None:
        """Put everything on the disk and let go of the file. Harmless when repeated."""
        self._closing = True
        self._dirty.set()
        self._syncing.join()
        with self._lock:
            if self._file >= 0:
                self._write_waiting()
                os.close(self._file)
                self._file = -1

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        octets = self._path.read_bytes() if self._path.exists() else b""
        loaded = _load(octets)
        if loaded.damaged:
            write_atomically(self._path.with_suffix(".damaged"), octets)
        self._waiting, self._damaged = loaded.waiting, loaded.damaged
        self._unwritten: dict[UUID, Presentation] = {}
        self._overflowed = 0
        self._records = loaded.records
        if loaded.torn or loaded.damaged or loaded.records != len(loaded.waiting):
            write_atomically(self._path, b"".join(_lines(self._waiting.values())))
            self._records = len(self._waiting)
        self._reopen()

    def _reopen(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._length = os.fstat(self._file).st_size

    def _write_waiting(self) -> None:
        """Append what is in memory alone, oldest first, until the disk refuses."""
        for one in list(self._unwritten.values()):
            if not self._append(say_presentation(one)):
                return
            self._records += 1
            del self._unwritten[one.id]

    def _append(self, members: dict[str, Any]) -> bool:
        line = _line(members)
        try:
            if os.fstat(self._file).st_size != self._length:
                os.ftruncate(self._file, self._length)  # what an earlier write left of a line
            written = os.write(self._file, line)
            if written != len(line):  # a full disk takes a part
                os.ftruncate(self._file, self._length)
                return False
        except OSError:
            return False
        self._length += written
        self._dirty.set()
        return True

    def _empty(self) -> None:
        """Cut the file to nothing, since nothing waits: it names no card any longer."""
        try:
            os.ftruncate(self._file, 0)
        except OSError:
            return
        self._length = self._records = 0
        self._dirty.set()

    def _write_anew(self) -> None:
        """Replace the file by one of what waits; the old one is good until then."""
        try:
            write_atomically(self._path, b"".join(_lines(self._waiting.values())))
            self._reopen()
        except OSError:
            return
        self._records = len(self._waiting)
        self._unwritten.clear()

    def _sync(self) -> None:
        while not self._closing:
            self._dirty.wait(_SYNC_EVERY_S)
            self._dirty.clear()
            self._sync_once()
        self._sync_once()

    def _sync_once(self) -> None:
        with self._lock:
            if self._file < 0:
                return
            own = os.dup(self._file)
        try:
            os.fsync(own)  # without the lock: whoever adds does not wait for the disk
        except OSError:
            return  # the next write says it
        finally:
            os.close(own)


def count_waiting(path: Path) -> int:
    """Return how many presentations wait in a queue's file, whoever has it open; 0: none there."""
    try:
        return len(_load(path.read_bytes()).waiting)
    except OSError:
        return 0


def _load(octets: bytes) -> _Loaded:
    found = _Loaded()
    lines = octets.split(b"\n")
    found.torn = bool(lines.pop())  # what follows the last line's end: nothing, or a torn line
    for line in lines:
        _take(found, line)
    return found


def _take(found: _Loaded, line: bytes) -> None:
    found.records += 1
    try:
        members = _members(line)
        if "done" in members:
            for one in members["done"]:
                found.waiting.pop(UUID(one), None)
        else:
            presentation = read_presentation(members)
            found.waiting[presentation.id] = presentation
    except (MalformedDataError, ValueError, TypeError, AttributeError, RecursionError):
        found.damaged += 1


def _members(line: bytes) -> dict[str, Any]:
    said = line[_CRC + 1 :]
    if len(line) > _LONGEST_LINE or line[: _CRC + 1] != _sum(said):
        raise MalformedDataError("a line is not what was written")
    members: dict[str, Any] = json.loads(said)
    return members


def _lines(waiting: Iterable[Presentation]) -> Iterator[bytes]:
    return (_line(say_presentation(one)) for one in waiting)


def _line(members: dict[str, Any]) -> bytes:
    said = json.dumps(members, separators=(",", ":")).encode("ascii")
    return _sum(said) + said + b"\n"


def _sum(said: bytes) -> bytes:
    return f"{crc32(said):08x} ".encode("ascii")
