"""Which letters were printed, as empty files: of two that make the same one, one fails."""

import os
from pathlib import Path
from typing import Final

from cardservice.errors import Refusal
from cardservice.personalization.printing_letters import LetterName, already_printed
from cardservice.printing.folders import prepare_private_folder
from cardservice.uploads.vault_files import PRIVATE_FILE

_SUFFIX: Final = ".printed"


class ClaimFiles:
    """Remembers letters in a folder of its own.

    Args:
        folder: made if it is not there; only its owner may enter it.

    Raises:
        UsageError: others may enter the folder, or it cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = prepare_private_folder(folder)

    def claim(self, name: LetterName) -> None:
        """Remember the letter; when this returns it is on the disk.

        Raises:
            Refusal: ``letter-already-printed``, or ``letter-not-claimed``: the disk refused, and
                nothing may be printed that cannot be remembered.
        """
        try:
            _make_new(self._folder / f"{name}{_SUFFIX}")
            _sync(self._folder)
        except FileExistsError:
            raise already_printed() from None
        except OSError as error:
            sentence = f"The print of the letter cannot be recorded: {error.strerror}."
            raise Refusal("letter-not-claimed", sentence) from None


def _make_new(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
