"""The station's journal on a disk: frames in a file, each written through before it counts.

One process writes a journal; a lock file beside it keeps others away. What a crash leaves of a
last frame is dropped at the next opening: nobody was told that it was kept.
"""

import errno
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Final

from cardservice.errors import Refusal
from cardservice.personalization.journal import Entry, Kept
from cardservice.personalization.journal_coding import encode_entry
from cardservice.personalization.journal_frames import encode_frame, encode_preface
from cardservice.storage.journal_file_reading import kept_entries, require_whole

_OWNER_ONLY: Final = 0o600
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Disk:
    """How octets get onto the disk; tests put in disks that fail."""

    write: Callable[[int, bytes], int] = os.write
    sync: Callable[[int], None] = os.fsync


class JournalFile:
    """A journal kept in a file; safe for threads of one process."""

    def __init__(
        self, path: Path, *, clock: Callable[[], datetime], disk: Disk | None = None
    ) -> None:
        """Open the journal at ``path``, creating it when there is none; see ``close``.

        Raises:
            Refusal: ``journal-in-use``: another process has it; ``journal-damaged``: it cannot be
                believed, and nothing was changed.
        """
        self._path = path
        self._clock = clock
        self._disk = disk or Disk()
        self._mutex = threading.Lock()
        self._fails = False
        self._sequence = self._size = 0
        self._descriptor = -1
        self._lock = _locked(path)
        try:
            self._open()
        except BaseException:
            os.close(self._lock)
            raise

    def append(self, entry: Entry) -> Kept:
        """Return the entry as kept; when this returns it is on the disk.

        Raises:
            Refusal: ``journal-full``: no room, the file is as before and may be tried again;
                ``journal-failed``: what the disk holds is not known until the journal is opened
                anew; nothing more is taken.
        """
        with self._mutex:
            if self._fails:
                raise _failed()
            kept = Kept(self._sequence + 1, self._clock(), entry)
            frame = encode_frame(kept.sequence, encode_entry(entry, kept.at))
            try:
                self._write(frame)
            except OSError as error:
                raise self._undone(error) from None
            self._size += len(frame)
            self._sequence = kept.sequence
            return kept

    def entries(self) -> Iterator[Kept]:
        """Return everything kept, oldest first, read from the file."""
        return kept_entries(self._path)

    def replace(self, entries: Iterator[Kept]) -> None:
        """Let the file hold ``entries`` only, with their numbers; all at once or not at all.

        Raises:
            Refusal: ``journal-full``, ``journal-failed``: the file is as before.
        """
        with self._mutex:
            fresh = self._path.with_name(f"{self._path.name}.new")
            try:
                self._fill(fresh, entries)
            except OSError as error:
                fresh.unlink(missing_ok=True)
                raise _refusal(error) from None
            try:
                fresh.replace(self._path)
                _sync_folder(self._path.parent, self._disk)
                os.close(self._descriptor)
                self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND)
            except OSError:
                # Which of the two files has the name after a power cut is not known.
                self._fails = True
                raise _failed() from None
            self._size = self._path.stat().st_size

    def close(self) -> None:
        """Let another process have the journal."""
        os.close(self._descriptor)
        os.close(self._lock)

    def _open(self) -> None:
        if not self._path.exists():
            fresh = self._path.with_name(f"{self._path.name}.new")
            self._fill(fresh, iter(()))
            fresh.replace(self._path)
            _sync_folder(self._path.parent, self._disk)
        health = require_whole(self._path)
        self._sequence, self._size = health.last_sequence, health.whole_octets
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND)
        if health.torn_octets:
            os.ftruncate(self._descriptor, self._size)
            self._disk.sync(self._descriptor)

    def _write(self, octets: bytes) -> None:
        while octets:
            octets = octets[self._disk.write(self._descriptor, octets) :]
        self._disk.sync(self._descriptor)

    def _undone(self, error: OSError) -> Refusal:
        """Take back what was written of a frame; return what to tell the caller."""
        try:
            os.ftruncate(self._descriptor, self._size)
            self._disk.sync(self._descriptor)
        except OSError:
            self._fails = True
        # A disk that failed for another reason than room may have lost what it took before.
        self._fails = self._fails or error.errno not in _NO_ROOM
        return _failed() if self._fails else _full()

    def _fill(self, path: Path, entries: Iterator[Kept]) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(path, flags, _OWNER_ONLY), "wb") as file:
            file.write(encode_preface(self._sequence))
            for kept in entries:
                file.write(encode_frame(kept.sequence, encode_entry(kept.entry, kept.at)))
            file.flush()
            self._disk.sync(file.fileno())


def _locked(path: Path) -> int:
    descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_WRONLY | os.O_CREAT, _OWNER_ONLY)
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except OSError:
        os.close(descriptor)
        sentence = "Another program writes this station's journal; stop it first."
        raise Refusal("journal-in-use", sentence) from None
    return descriptor


def _sync_folder(folder: Path, disk: Disk) -> None:
    """Let a new name in ``folder`` outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        disk.sync(descriptor)
    finally:
        os.close(descriptor)


def _refusal(error: OSError) -> Refusal:
    return _full() if error.errno in _NO_ROOM else _failed()


def _full() -> Refusal:
    return Refusal(
        "journal-full",
        "The disk of the station's journal is full; nothing more was done with the card. "
        "Make room, then put the card back with its order.",
    )


def _failed() -> Refusal:
    return Refusal(
        "journal-failed",
        "The disk of the station's journal fails; nothing more was done with the card. "
        "Stop the station, look at the disk, start again and put the card back.",
    )
