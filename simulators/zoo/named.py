"""One card of the zoo by its name, for programs that hold nothing but the name."""

import os
from functools import cache
from pathlib import Path
from typing import Final

from simulators.card import Interface
from simulators.reader.card import Card
from simulators.tray.plastic import Plastic
from simulators.zoo.keeper import Zoo, open_zoo

FOLDER_VARIABLE: Final = "CARDSIM_ZOO"
"""Names the folder of the zoo; without it the zoo ends with the program, its trust with it."""


def open_named(name: str, *, interface: str = "contact", folder: Path | None = None) -> Card:
    """Return a new card of that name, as a reader meets it on that interface.

    Args:
        name: as the catalogue has it.
        interface: ``contact`` or ``contactless``.
        folder: of the zoo; ``CARDSIM_ZOO`` unless told.

    Raises:
        ReaderSetupError: there is no such card, no issuer, or the folder cannot be used.
    """
    return plastic_named(name, folder=folder).at(Interface(interface))


def plastic_named(name: str, *, folder: Path | None = None) -> Plastic:
    """Return a new card of that name, in no reader; arguments and errors as ``open_named``."""
    given = folder or os.environ.get(FOLDER_VARIABLE)
    return _opened(Path(given).absolute() if given else None).card(name)


@cache
def _opened(folder: Path | None) -> Zoo:
    return open_zoo(folder)
