"""One program at a time for a card in a file: a lock beside it that dies with its holder."""

import errno
import fcntl
import os
import weakref
from pathlib import Path
from typing import Final

from simulators.card.state_errors import StateFileError

_SUFFIX: Final = ".lock"
_OWNER_ALONE: Final = 0o600
_PID_DIGITS_MAX: Final = 20
_ATTEMPTS: Final = 100  # each means that another holder let go in this very moment


class StateLock:
    """The lock of a state file, held from its making until ``release``.

    The operating system takes it back when the process dies, however it dies; it also ends with
    this object. The file it hangs on is ``NAME.lock`` and says whose it is.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock of the state file at ``path``.

        Raises:
            StateFileError: somebody holds it, or there can be none in this folder.
        """
        place = path.with_name(path.name + _SUFFIX)
        self._release = weakref.finalize(self, _let_go, _locked(path, place), place, os.getpid())

    def release(self) -> None:
        """Let others have the card. Harmless when repeated."""
        self._release()


def _locked(path: Path, place: Path) -> int:
    for _ in range(_ATTEMPTS):
        descriptor = _try_to_lock(path, place)
        if _is_at(descriptor, place):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
            return descriptor
        # Its last holder removed the file between our opening and our locking it.
        os.close(descriptor)
    raise StateFileError(f"{path}: others keep taking this card", remedy="try again")


def _try_to_lock(path: Path, place: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        descriptor = os.open(place, flags, _OWNER_ALONE)
    except OSError as error:
        raise _no_place(path, error) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = _holder(descriptor)
        os.close(descriptor)
        if error.errno in (errno.EAGAIN, errno.EACCES):
            raise StateFileError(
                f"{path}: this card is in use{holder}", remedy="take it out there first"
            ) from None
        raise StateFileError(
            f"{path}: cards cannot be locked here ({error.strerror})",
            remedy="copy it to a folder on a disk of this machine",
        ) from None
    return descriptor


def _holder(descriptor: int) -> str:
    said = os.pread(descriptor, _PID_DIGITS_MAX, 0).strip()
    return f" by process {said.decode()}" if said.isdigit() else ""


def _is_at(descriptor: int, place: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), place.stat())
    except FileNotFoundError:
        return False


def _no_place(path: Path, error: OSError) -> StateFileError:
    if not path.parent.is_dir():
        return StateFileError(f"{path}: there is no folder {path.parent}", remedy="make it first")
    return StateFileError(
        f"{path}: nothing can be written in its folder ({error.strerror})",
        remedy="copy the card to a folder you may write to, with room in it",
    )


def _let_go(descriptor: int, place: Path, holder: int) -> None:
    # A child process has the lock through its parent, and must not take its file away.
    if os.getpid() == holder:
        place.unlink(missing_ok=True)
    os.close(descriptor)
