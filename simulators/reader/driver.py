"""The virtual reader driver on this machine, and the reader entries that load it."""

import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulators.reader.errors import ReaderSetupError
from simulators.reader.ports import SLOTS_PER_ENTRY
from simulators.reader.vpcd import LOOPBACK

DRIVER_NAME: Final = "libifdvpcd.so"
DRIVER_FOLDERS: Final = (
    Path("/usr/lib/pcsc/drivers/serial"),
    Path("/usr/local/lib/pcsc/drivers/serial"),
    Path("/usr/lib64/pcsc/drivers/serial"),
)
MAX_READERS: Final = 16  # of pcsc-lite before 2.5.0
FRIENDLY_NAME: Final = "Cardsim"


@dataclass(frozen=True, slots=True)
class ReaderSlot:
    """One virtual reader: its PC/SC name, and where a card connects to be in it."""

    name: str
    host: str
    port: int


def find_driver() -> Path:
    """Return the file of the virtual reader driver.

    Raises:
        ReaderSetupError: it is not installed.
    """
    for folder in DRIVER_FOLDERS:
        if (folder / DRIVER_NAME).is_file():
            return folder / DRIVER_NAME
    raise ReaderSetupError(
        "the virtual reader driver is not installed",
        remedy="install the package vsmartcard-vpcd (Debian, Ubuntu)",
    )


def entries_for(readers: int) -> int:
    """Return how many driver entries ``readers`` readers take; an entry makes two.

    Raises:
        ReaderSetupError: fewer than 1 or more than 16 readers.
    """
    if not 1 <= readers <= MAX_READERS:
        raise ReaderSetupError(
            f"{readers} virtual readers are not possible", remedy=f"ask for 1 to {MAX_READERS}"
        )
    return -(-readers // SLOTS_PER_ENTRY)


def slots_of(ports: Sequence[int]) -> tuple[ReaderSlot, ...]:
    """Return the readers that entries at ``ports`` make, two each, named as pcscd names them."""
    return tuple(
        ReaderSlot(f"{_friendly(entry)} 00 {slot:02X}", LOOPBACK, port + slot)
        for entry, port in enumerate(ports)
        for slot in range(SLOTS_PER_ENTRY)
    )


def entry_text(entry: int, port: int, library: Path) -> str:
    """Return the lines of ``reader.conf`` for one entry with slots at ``port`` and the next."""
    return (
        f'FRIENDLYNAME "{_friendly(entry)}"\n'
        f"DEVICENAME /dev/null:0x{port:04X}\n"
        f"LIBPATH {library}\n"
        f"CHANNELID 0x{port:04X}\n"
    )


def write_entries(
    folder: Path, ports: Sequence[int], *, driver: Path, absent: Collection[int] = ()
) -> Path:
    """Fill ``folder`` with one copy of the driver an entry, and return the folder to give to pcscd.

    The entries numbered ``absent``, from 0, are left out, and the others keep their names.
    The driver keeps its slots in variables of the loaded library, numbered from 0 in every entry:
    entries that name the same file overwrite each other's slots. Copies are loaded apart.
    """
    configuration = folder / "readers"
    configuration.mkdir(parents=True, exist_ok=True)
    copies = [folder / f"vpcd-{entry}.so" for entry in range(len(ports))]
    for copy in copies:
        shutil.copyfile(driver, copy)
    there = (entry for entry in range(len(ports)) if entry not in absent)
    texts = (entry_text(n, ports[n], copies[n]) for n in there)
    # One file, because pcscd reads the files of a folder in no order worth relying on.
    (configuration / "cardsim").write_text("\n".join(texts))
    return configuration


def _friendly(entry: int) -> str:
    return f"{FRIENDLY_NAME} {entry + 1}"
