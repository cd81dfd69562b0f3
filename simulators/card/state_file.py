"""A card kept in a file between runs of a program.

The file holds everything a chip holds, its private key, PIN and key set included, unencrypted:
these are secrets of a test card and must never be secrets of anyone else.

Beside ``NAME`` there can be ``NAME.old``, the state before the last change; ``NAME.lock`` while the
card is in use; and, after a computer lost its power, ``NAME.new`` or ``NAME.old.new``, which are
half-written and of no use to anybody.
"""

import errno
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from simulators.card.state_errors import StateFileError, StateFileNotWrittenError
from simulators.card.state_form import beside, encode_cells, kept_copy, load_cells
from simulators.card.state_lock import StateLock

__all__ = [
    "StateFile",
    "StateFileError",
    "StateFileNotWrittenError",
    "create_file",
    "load_cells",
    "save_cells",
]

logger = logging.getLogger(__name__)

_OWNER_ALONE: Final = 0o600


class StateFile:
    """A card's file in use: nobody else gets it until ``close``, or the end of this object.

    Attributes:
        cells: the card as it was found.
    """

    def __init__(self, path: Path | str) -> None:
        """Open the file of a card.

        Raises:
            StateFileError: no such file, damaged, of another version, or in use already.
        """
        # A link stays one: the file it leads to is what is replaced, and what is locked.
        self._path = Path(os.path.realpath(path))
        # First without the lock, since what is no card needs none and gets no files beside it.
        load_cells(self._path)
        self._lock = StateLock(self._path)
        self._is_open = True
        try:
            self.cells = load_cells(self._path)
        except StateFileError:
            self.close()
            raise

    def save(self, cells: Mapping[str, bytes]) -> None:
        """Replace the file's content, as ``save_cells`` does.

        Raises:
            OSError: the file system refused, which is logged, or the file was closed.
        """
        if not self._is_open:
            raise OSError(errno.EBADF, "the state file was closed")
        try:
            save_cells(self._path, cells)
        except OSError as error:
            # The terminal gets 6581 and no reason; whoever runs the card can do something.
            logger.warning("%s: not written (%s), the card says 6581", self._path, error.strerror)
            raise

    def close(self) -> None:
        """Let others have the card; nothing is written from now on. Harmless when repeated."""
        self._is_open = False
        self._lock.release()


def save_cells(path: Path, cells: Mapping[str, bytes]) -> None:
    """Replace the file by the cells, durably, and keep the one before beside it.

    Whatever happens to the computer meanwhile, ``path`` is the old state or the new one.

    Raises:
        OSError: the file system refused; the old file stays.
    """
    fresh, spare = beside(path, ".new"), beside(path, ".old.new")
    try:
        _write_through(fresh, encode_cells(cells))
        if path.exists():
            _write_through(spare, path.read_bytes())
            spare.replace(kept_copy(path))
        fresh.replace(path)
    except OSError:
        _remove(fresh, spare)
        raise
    _sync_folder(path.parent)


def create_file(path: Path, cells: Mapping[str, bytes]) -> None:
    """Write a new card; a file that is there is never overwritten.

    Raises:
        StateFileError: the file is there already, or cannot be written.
    """
    if os.path.lexists(path):
        raise _exists(path)
    lock = StateLock(path)
    try:
        if os.path.lexists(path):
            raise _exists(path)
        save_cells(path, cells)
    except OSError as error:
        raise StateFileNotWrittenError(
            f"{path}: cannot be written ({error.strerror})",
            remedy="make room, or choose another folder",
            error=error,
        ) from None
    finally:
        lock.release()


def _exists(path: Path) -> StateFileError:
    return StateFileError(
        f"{path}: there is something of that name already", remedy="choose another name"
    )


def _write_through(path: Path, octets: bytes) -> None:
    # What an earlier attempt left here may be a link, or readable to others: it goes first.
    path.unlink(missing_ok=True)
    # Test secrets are still nobody else's business: the file is for its owner alone.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ALONE)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(octets)
        stream.flush()
        os.fsync(stream.fileno())


def _remove(*halves: Path) -> None:
    """Free what half-written files take; one that stays is in nobody's way but the disk's."""
    for half in halves:
        with suppress(OSError):
            half.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Let the names last too, where the file system can.

    The file has its new content already, so a refusal comes too late to be one: a card that took
    it for one would say that nothing was written, and the next program would find the contrary.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        return
    finally:
        os.close(descriptor)
