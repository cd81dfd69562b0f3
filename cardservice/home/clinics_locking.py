"""One process of a machine at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

TERMINALS: Final = "terminals.lock"
"""In the issuer's home: held by whoever writes its file of desks. It is not to be taken twice."""
_MODE: Final = 0o600


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait for the turn, and keep others out meanwhile; the end of a process gives it back."""
    with _opened(path) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextmanager
def if_alone(path: Path) -> Iterator[bool]:
    """Give whether it is our turn; nobody waits."""
    with _opened(path) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
