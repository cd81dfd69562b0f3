"""Folders that only their owner may enter."""

from pathlib import Path
from typing import Final

from cardservice.errors import UsageError
from cardservice.uploads.vault_files import PRIVATE_FOLDER

_OTHERS: Final = 0o077


def prepare_private_folder(folder: Path) -> Path:
    """Return the folder, made if it was not there.

    Raises:
        UsageError: others may enter it, or it cannot be made.
    """
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        mode = folder.stat().st_mode
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}; choose another folder") from None
    if mode & _OTHERS:
        raise UsageError(f"others may enter {folder}; chmod 700 it")
    return folder
