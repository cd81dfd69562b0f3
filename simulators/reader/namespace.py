"""A view of the file system of our own, in which a second pcscd can run unseen by the first.

Linux only: a mount namespace with an empty ``/run/pcscd``. The driver folder is emptied too, so
that the private pcscd never reaches for a real reader on USB, with somebody's card in it.
"""

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from simulators.reader.driver import DRIVER_FOLDERS, find_driver
from simulators.reader.errors import ReaderSetupError

RUN_FOLDER: Final = Path("/run/pcscd")
SOCKET: Final = RUN_FOLDER / "pcscd.comm"
USB_DRIVER_FOLDERS: Final = tuple(folder.parent for folder in DRIVER_FOLDERS)
_MARK: Final = RUN_FOLDER / "private"
_DRIVER_COPY: Final = RUN_FOLDER / "libifdvpcd.so"
_CLONE_NEWNS: Final = 0x0002_0000
_MS_NOSUID: Final = 0x2
_MS_REC_PRIVATE: Final = 0x4000 | 1 << 18
_REMEDY: Final = (
    "run as root (in a container: with CAP_SYS_ADMIN), "
    "or below `unshare --map-root-user --mount` where /run/pcscd exists"
)


def is_private() -> bool:
    """Whether this thread is in a namespace made by ``enter``."""
    return _MARK.exists()


def driver_file() -> Path:
    """Return the virtual reader driver, which a private namespace has moved aside.

    Raises:
        ReaderSetupError: it is not installed.
    """
    return _DRIVER_COPY if _DRIVER_COPY.exists() else find_driver()


def enter(*, fresh: bool = False) -> None:
    """Move this thread, and all it starts from now on, to a private namespace.

    In one already, nothing is done unless ``fresh``. Threads that run already keep the old view.
    There is no way back for the thread.

    Raises:
        ReaderSetupError: not permitted, or the virtual reader driver is missing.
    """
    if is_private() and not fresh:
        return
    driver = driver_file().read_bytes()
    try:
        RUN_FOLDER.mkdir(exist_ok=True)
        _unshare_mounts()
        _mount_empty(RUN_FOLDER)
        for folder in filter(Path.is_dir, USB_DRIVER_FOLDERS):
            _mount_empty(folder)
        _DRIVER_COPY.write_bytes(driver)
        _MARK.touch()
    except OSError as error:
        raise ReaderSetupError(
            f"no private mount namespace ({error.strerror})", remedy=_REMEDY
        ) from error


def run_inside(command: Sequence[str]) -> None:
    """Become ``command``, in a private namespace of its own; returns only by raising.

    Raises:
        ReaderSetupError: as for ``enter``, or there is no such command.
    """
    enter(fresh=True)
    try:
        os.execvp(command[0], list(command))  # noqa: S606 - no shell is wanted
    except OSError as error:
        raise ReaderSetupError(
            f"cannot run {command[0]} ({error.strerror})", remedy="check the name"
        ) from error


def _unshare_mounts() -> None:
    libc = _libc()
    _check(libc.unshare(_CLONE_NEWNS))
    # Without this, mounts made here would appear outside where the root is shared (systemd).
    _check(libc.mount(None, b"/", None, ctypes.c_ulong(_MS_REC_PRIVATE), None))


def _mount_empty(folder: Path) -> None:
    flags = ctypes.c_ulong(_MS_NOSUID)
    _check(_libc().mount(b"cardsim", os.fsencode(folder), b"tmpfs", flags, b"mode=0755"))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
