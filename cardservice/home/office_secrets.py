"""Secrets of other programs' making, each in a file that only the service's user may read."""

import os
import stat
from pathlib import Path
from typing import Final

from cardservice.errors import UsageError

LONGEST: Final = 4096  # octets; tokens and passwords are shorter
_OTHERS: Final = 0o077


def read_secret(path: Path, *, named: str) -> str:
    """Return the text in a file, without the line end that editors leave.

    Args:
        path: of a regular file.
        named: what named it, for what is said when it cannot be used.

    Raises:
        UsageError: no such file, others may read it, or it is empty, too long or no UTF-8.
    """
    octets = _read(path.expanduser(), named)
    try:
        text = octets.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        text = ""
    if not text or len(octets) > LONGEST or not text.isprintable():
        raise UsageError(f"{named}: the file is no line of text")
    return text


def read_optional(path: Path | None, *, named: str) -> str | None:
    """Return the text in the file if one is named; raises UsageError as ``read_secret``."""
    return None if path is None else read_secret(path, named=named)


def _read(path: Path, named: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise UsageError(f"{named}: {error.strerror}") from None
    with os.fdopen(descriptor, "rb") as file:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode) or mode & _OTHERS:
            raise UsageError(f"{named}: others may read the file; chmod 600 it")
        return file.read(LONGEST + 1)
