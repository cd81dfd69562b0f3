"""What the command line says and understands beyond its commands."""

from pathlib import Path
from typing import Final

from simulators.reader.driver import entry_text, slots_of
from simulators.reader.errors import ReaderSetupError
from simulators.reader.namespace import driver_file
from simulators.reader.ports import free_pairs

ENTRY_FILE: Final = Path("/etc/reader.conf.d/cardsim")
COPY_FOLDER: Final = Path("/usr/local/lib/cardsim")
HIGHEST_PORT: Final = 0xFFFF


def adding_entries(entries: int) -> str:
    """Return what to do, line by line, to give a running pcscd ``entries`` pairs of readers.

    Raises:
        ReaderSetupError: the driver is not installed, or no ports are free.
    """
    driver, ports = driver_file(), free_pairs(entries)
    copies = [COPY_FOLDER / f"vpcd-{number}.so" for number in range(entries)]
    return "\n".join(
        [
            "pcscd is running. To give it these readers, first copy the driver, a file an entry:",
            f"  sudo mkdir -p {COPY_FOLDER}",
            *(f"  sudo cp {driver} {copy}" for copy in copies),
            f"then write to {ENTRY_FILE}:",
            *(entry_text(n, port, copies[n]) for n, port in enumerate(ports)),
            "and run: sudo systemctl restart pcscd",
            "The cards' addresses are then:",
            *(f"  {slot.name}\t{slot.host}:{slot.port}" for slot in slots_of(ports)),
        ]
    )


def address_of(text: str) -> tuple[str, int]:
    """Return host and port of ``HOST:PORT``.

    Raises:
        ReaderSetupError: it is something else.
    """
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= HIGHEST_PORT:
        raise ReaderSetupError(
            f"{text!r} is not HOST:PORT", remedy="take it from what `cardsim readers` prints"
        )
    return host, int(port)
