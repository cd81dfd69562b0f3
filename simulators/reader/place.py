"""Where a pcscd of ours may run: in a private namespace, or as the machine's own."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulators.reader import namespace
from simulators.reader.errors import ReaderSetupError

ROOT: Final = 0
PID_FILE: Final = namespace.RUN_FOLDER / "pcscd.pid"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pcscd may run: who decides that, and where its files go."""

    check: Callable[[], None]
    folder: Path | None  # None: the usual temporary folder


def check_private() -> None:
    """Insist on a private namespace with no pcscd in it.

    Raises:
        ReaderSetupError: there is none, or a pcscd answers in it already.
    """
    if not namespace.is_private():
        raise ReaderSetupError(
            "not in a private mount namespace",
            remedy="call simulators.reader.namespace.enter() first",
        )
    check_alone()
    # In a container nobody may bury a pcscd that was killed, and its number then counts as running.
    PID_FILE.unlink(missing_ok=True)


def check_alone() -> None:
    """Refuse to start beside another pcscd, or without the right to.

    Raises:
        ReaderSetupError: a pcscd answers already, or we are not root.
    """
    if os.geteuid() != ROOT:
        raise ReaderSetupError("only root may start pcscd", remedy="run the same with sudo")
    if answers(namespace.SOCKET):
        raise ReaderSetupError("a pcscd is running", remedy="stop it, or use the one there is")


PRIVATE: Final = Place(check_private, namespace.RUN_FOLDER)
SYSTEM: Final = Place(check_alone, None)


def answers(path: Path) -> bool:
    """Whether somebody listens on the Unix socket ``path``."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(os.fspath(path))
        except OSError:
            return False
    return True
