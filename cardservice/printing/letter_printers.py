"""Printers that keep nothing of a PIN letter: a device of this machine, or CUPS in memory.

CUPS writes each job to its spool folder and keeps it there after the print, a day by default. So
it prints letters only when that folder lies in memory.

Source: proc_pid_mountinfo(5); cupsd.conf(5), PreserveJobFiles.
"""

import os
import select
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cardservice.errors import Refusal, UsageError
from cardservice.printing.cups import CupsPrinter

SPOOL: Final = Path("/var/spool/cups")
MOUNTS: Final = Path("/proc/self/mountinfo")
LETTER_S: Final = 60.0  # until a printer has taken a letter of some 60 KB
_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
_MOUNT_POINT: Final = 4  # its place among the blank-separated fields of a mount
_TITLE: Final = "letter"


class DeviceLetterPrinter:
    """Writes letters to a device, such as ``/dev/usb/lp0``, of a printer that takes PDF.

    Args:
        device: a character device; a file would keep what is written to it.
        clock: seconds that only grow.
    """

    def __init__(self, device: Path, *, clock: Callable[[], float]) -> None:
        self._device = device
        self._clock = clock

    def require_ready(self) -> None:
        """Return if the device can be opened.

        Raises:
            Refusal: ``printer-not-ready``.
            UsageError: it is no device.
        """
        os.close(self._opened())

    def print_letter(self, document: bytearray) -> None:
        """Write the letter to the device.

        Raises:
            Refusal: ``printer-not-ready``; ``letter-interrupted``: the printer stopped taking it.
            UsageError: it is no device.
        """
        end = self._clock() + LETTER_S
        descriptor = self._opened()
        try:
            with memoryview(document) as rest:
                self._write(descriptor, rest, end)
        except OSError:
            raise _interrupted() from None
        finally:
            os.close(descriptor)

    def _write(self, descriptor: int, octets: memoryview, end: float) -> None:
        written = 0
        while written < len(octets):
            left = end - self._clock()
            if left <= 0 or not select.select([], [descriptor], [], left)[1]:
                raise _interrupted()
            written += os.write(descriptor, octets[written:])

    def _opened(self) -> int:
        flags = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
        try:
            descriptor = os.open(self._device, flags)
        except OSError as error:
            sentence = f"The letter printer cannot be opened: {error.strerror}."
            raise Refusal("printer-not-ready", sentence) from None
        if not stat.S_ISCHR(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise UsageError(f"{self._device} is no device, and would keep the letters")
        return descriptor


class CupsLetterPrinter:
    """Prints letters on a queue whose spool folder lies in memory.

    Args:
        printer: the queue.
        spool: ``RequestRoot`` of the service on this machine.
        mounts: where the system lists what is mounted where.

    Raises:
        UsageError: the spool folder lies on a disk, or nobody knows where.
    """

    def __init__(self, printer: CupsPrinter, *, spool: Path = SPOOL, mounts: Path = MOUNTS) -> None:
        if not printer.is_local:
            raise UsageError("PIN letters go to no other machine's print service")
        if not lies_in_memory(spool, mounts.read_text("utf-8", "surrogateescape")):
            raise UsageError(f"{spool} lies on a disk; mount it as tmpfs to print PIN letters")
        self._printer = printer

    def require_ready(self) -> None:
        """Return if the queue takes jobs; raises Refusal ``printer-not-ready``."""
        self._printer.require_ready()

    def print_letter(self, document: bytearray) -> None:
        """Print the letter, then let CUPS throw it away: a kept job could be printed again.

        Raises:
            LaneStopError: as ``CupsPrinter.print_document`` and ``forget``.
        """
        self._printer.forget(self._printer.print_document(document, title=_TITLE))


def lies_in_memory(folder: Path, mountinfo: str) -> bool:
    """Return whether the file system that holds ``folder`` is kept in memory alone.

    Args:
        folder: with or without links in its path; need not be there.
        mountinfo: as the system lists it.
    """
    wanted = folder.resolve()
    kind, depth = "", -1
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        fields, kinds = before.split(" "), after.split(" ")
        point = Path(_unescaped(fields[_MOUNT_POINT])) if len(fields) > _MOUNT_POINT else None
        # Of mounts at one place the last hides those before it.
        if point is not None and wanted.is_relative_to(point) and len(point.parts) >= depth:
            kind, depth = kinds[0], len(point.parts)
    return kind in _IN_MEMORY


def _unescaped(name: str) -> str:
    for octal, character in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        name = name.replace(octal, character)
    return name


def _interrupted() -> Refusal:
    sentence = "The printer stopped taking the letter; destroy what it printed."
    return Refusal("letter-interrupted", sentence)
