"""Files only their owner can read, made whole or not at all, and removed for good."""

import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final

from cardservice.errors import UsageError

PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
_OTHERS: Final = 0o077


def prepare_folder(folder: Path) -> Path:
    """Return the folder, made if it was not there; raises UsageError if others may enter it."""
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    if folder.stat().st_mode & _OTHERS:
        raise UsageError(f"others may enter the folder of scans {folder}; chmod 700 it")
    return folder


def write_private(path: Path, pieces: Iterable[bytes]) -> None:
    """Write ``pieces`` as the file ``path``, 0600; whole on the disk when this returns.

    Raises:
        OSError: the disk refused; the file is as it was before.
    """
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, PRIVATE_FILE)
            file.writelines(pieces)
            file.flush()
            os.fsync(descriptor)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def is_there(path: Path) -> bool:
    """Return whether there is anything of that name, a link that leads nowhere included."""
    return os.path.lexists(path)


def open_private(path: Path) -> BinaryIO:
    """Return the opened file; raises OSError for a link, UsageError for what others may read."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode) or mode & _OTHERS:
        os.close(descriptor)
        raise UsageError(f"{path} is no regular file, or others may read it")
    return os.fdopen(descriptor, "rb")


def remove(path: Path, *, overwrite: bool = False) -> None:
    """Remove a file if it is there, written over with zeros before if told; on the disk at once."""
    if not is_there(path):
        return
    if overwrite:
        _zero(path)
    path.unlink()
    _sync(path.parent)


def _zero(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    try:
        os.write(descriptor, bytes(os.fstat(descriptor).st_size))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
