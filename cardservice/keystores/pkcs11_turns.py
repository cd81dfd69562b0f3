"""Turns among the processes of one machine, for logging in and for making a key.

A token lets two objects have one label, and modules that keep tokens in files show one process
what another writes half done or a moment late. So who writes locks the module's own file: the
system gives the lock back when its holder dies, and nothing is left lying about.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from cardservice.keystores.pkcs11_errors import ModuleError, ModuleFault

_AGAIN_S: Final = 0.01


@contextmanager
def turn(path: str, *, patience_s: float) -> Iterator[None]:
    """Hold the lock on the file at ``path`` while the block runs.

    Raises:
        ModuleError: the file cannot be read, or another has held it for ``patience_s`` seconds.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        raise ModuleError(ModuleFault.LIBRARY, path) from None
    try:
        _lock(descriptor, patience_s)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, patience_s: float) -> None:
    until = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise ModuleError(ModuleFault.NOT_ANSWERING, f"{patience_s:g}") from None
            time.sleep(_AGAIN_S)
        else:
            return
