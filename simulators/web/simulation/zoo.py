"""The zoo, opened when the first of its cards is asked for: its issuer takes a moment."""

# ruff: noqa: PLC0415

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from simulators.tray import Plastic

if TYPE_CHECKING:
    from simulators.zoo import Zoo, ZooEntry


class CatalogueOnDemand:
    """Entries at once; cards once the zoo of ``folder`` is open (None: a temporary one)."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._zoo: Zoo | None = None

    @property
    def entries(self) -> Mapping[str, "ZooEntry"]:
        """Every entry by its name, in the order of the catalogue."""
        from simulators.zoo import CATALOGUE

        return {entry.name: entry for entry in CATALOGUE}

    @property
    def folder(self) -> Path | None:
        """Where the zoo lives, None while it is not open."""
        return self._zoo.folder if self._zoo else None

    def card(self, name: str) -> tuple[Plastic, str | None]:
        """Return a new card of that entry, and the CAN printed on it if it has one.

        Raises:
            ReaderSetupError: there is no such entry, or nobody here signs cards.
        """
        zoo = self._opened()
        plastic, known = zoo.card(name), zoo.secrets(name)
        return plastic, known.can if known else None

    def close(self) -> None:
        """Remove a temporary zoo. Harmless when repeated."""
        with self._lock:
            zoo, self._zoo = self._zoo, None
        if zoo is not None:
            zoo.close()

    def _opened(self) -> "Zoo":
        from simulators.zoo import open_zoo

        with self._lock:
            if self._zoo is None:
                self._zoo = open_zoo(self._folder)
            return self._zoo
