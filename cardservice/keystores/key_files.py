"""Files only their owner can read, made whole or not at all, and never made twice."""

import os
import stat
import tempfile
from pathlib import Path

from cardservice.pki.keys import KeyStoreError

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
OTHERS = 0o077
LONGEST_KEY_FILE = 65_536  # octets; ours have a few hundred


def prepare_folder(folder: Path) -> Path:
    """Return the folder, made if it was not there, open to its owner alone.

    Raises:
        KeyStoreError: others may look into it, or it cannot be made.
    """
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        mode = folder.stat().st_mode
    except OSError as error:
        raise _failed(folder, error) from None
    if mode & OTHERS:
        raise KeyStoreError(f"others may enter the key folder {folder}", remedy="chmod 700 it")
    return folder


def create(path: Path, octets: bytes) -> None:
    """Write a new file, 0600; it is complete on the disk when this returns.

    Raises:
        KeyStoreError: there is one of that name, or the disk refused.
    """
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(descriptor, PRIVATE_FILE)
                file.write(octets)
                file.flush()
                os.fsync(descriptor)
            os.link(temporary, path)  # fails when the name is taken; a rename would replace it
        finally:
            Path(temporary).unlink()
        _sync_folder(path.parent)
    except FileExistsError:
        raise KeyStoreError(
            f"there is a key file {path} already", remedy="choose another name"
        ) from None
    except OSError as error:
        raise _failed(path, error) from None


def remove(path: Path) -> None:
    """Take a file off the disk; harmless when it is not there; raises KeyStoreError."""
    try:
        path.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise _failed(path, error) from None


def read(path: Path) -> bytes:
    """Return the octets of a regular file that only its owner may read or write.

    Raises:
        KeyStoreError: missing, a link, open to others, or too long.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            _require_private(path, os.fstat(descriptor).st_mode)
            octets = file.read(LONGEST_KEY_FILE + 1)
    except FileNotFoundError:
        raise KeyStoreError(f"there is no key file {path}", remedy="generate the key") from None
    except OSError as error:
        raise _failed(path, error) from None
    if len(octets) > LONGEST_KEY_FILE:
        raise KeyStoreError(f"{path} is too long to be a key", remedy="restore it from a backup")
    return octets


def _require_private(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise KeyStoreError(f"{path} is no regular file", remedy="restore it from a backup")
    if mode & OTHERS:
        raise KeyStoreError(f"others may read the key file {path}", remedy="chmod 600 it")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failed(path: Path, error: OSError) -> KeyStoreError:
    return KeyStoreError(f"{path}: {error.strerror}", remedy="check owner, rights and free space")
