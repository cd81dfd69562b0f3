"""The refused rows of a batch as a CSV file, whole or not at all, written as they come."""

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TextIO

from cardservice.personalization.preflight import Tried

COLUMNS: Final = ("row", "field", "code", "sentence")
_OWNER_ONLY: Final = 0o600


class FaultReport:
    """One line a fault: row, field, code, sentence; nothing of what stands in the row."""

    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file)
        self._writer.writerow(COLUMNS)

    def add(self, tried: Tried) -> None:
        """Write the faults of a row; of a good row nothing."""
        for fault in tried.faults:
            self._writer.writerow((tried.row, fault.field or "", fault.code, fault.sentence))


@contextmanager
def write_report(path: Path) -> Iterator[FaultReport]:
    """Lend a report; when all went well it is at ``path`` and on the disk, else nothing is there.

    A file that was there before stays until then.

    Raises:
        OSError: the folder cannot be written, or is full.
    """
    beside = path.with_name(f"{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield FaultReport(file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
