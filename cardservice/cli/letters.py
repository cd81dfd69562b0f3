"""What a holder gets on paper: one file a card, for whoever prints the PIN letters."""

import os
from pathlib import Path

from cardservice.errors import UsageError
from cardservice.personalization.station import MadeCard

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


def prepare_letters(folder: Path | None) -> None:
    """Make the folder, so that no card is made whose letter could not be written.

    Raises:
        UsageError: it cannot be made, or not be written to.
    """
    if folder is None:
        return
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}; choose another folder") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(f"{folder} cannot be written to; choose another folder")


def write_letter(made: MadeCard, folder: Path | None) -> None:
    """Write CAN, PIN and PUK to a new file named after the chip, for its owner's eyes only."""
    if folder is None:
        return
    path = folder / f"{made.chip_serial.hex().upper()}.txt"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secrets = made.secrets
        file.write(f"CAN {secrets.can}\nPIN {secrets.pin}\nPUK {secrets.puk}\n")
