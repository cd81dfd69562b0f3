"""Assertions that were used already, known to all processes of one machine.

Each process remembers its own (``accounts.assertions``); this file keeps a second one from taking
what a first one took. It is worth nothing after five minutes, so it need not survive a power cut.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from cardservice.errors import AuthenticationError

_WAIT_S: Final = 5.0  # for another process that writes
_MODE: Final = 0o600
_TABLE: Final = "CREATE TABLE IF NOT EXISTS spent (id BLOB PRIMARY KEY, until REAL) WITHOUT ROWID"


class SpentAssertions:
    """Identifiers and until when they could be used again.

    Args:
        path: of the file; its folder is made if it is not there.
        clock: aware time.
    """

    def __init__(self, path: Path, *, clock: Callable[[], datetime]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=_MODE)
        self._path = path
        self._clock = clock
        with self._open() as file:
            file.execute(_TABLE)

    def spend(self, client: str, identifier: str, until: float) -> None:
        """Remember an assertion until its end, a time stamp.

        Raises:
            AuthenticationError: it was used already.
        """
        key = sha256(f"{client}\0{identifier}".encode()).digest()
        with self._open() as file:
            file.execute("DELETE FROM spent WHERE until <= ?", (self._clock().timestamp(),))
            try:
                file.execute("INSERT INTO spent VALUES (?, ?)", (key, until))
            except sqlite3.IntegrityError:
                raise AuthenticationError("the assertion was used already") from None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # A connection each time: none is carried over a fork, or from thread to thread.
        with closing(sqlite3.connect(self._path, timeout=_WAIT_S)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            with connection:
                yield connection
