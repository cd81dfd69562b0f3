"""The software card, fetched only when a reader is asked for one.

Late, because readers and what drives them have no use for all that a card needs.
"""

# ruff: noqa: PLC0415

from pathlib import Path
from typing import Final

from simulators.reader.card import Card
from simulators.reader.errors import ReaderSetupError

INTERFACES: Final = ("contact", "contactless")
CONTACT: Final = INTERFACES[0]


def blank_card(*, interface: str = CONTACT) -> Card:
    """Return a new card whose memory ends with this process."""
    from simulators.card import Interface, blank_card

    return blank_card(interface=Interface[interface.upper()])


def load_card(path: Path, *, interface: str = CONTACT) -> Card:
    """Return the card whose memory is the state file ``path``.

    Raises:
        ReaderSetupError: the file is missing or holds no card.
    """
    from simulators.card import Interface, StateFileError, load_card

    if not path.exists():
        raise ReaderSetupError(
            f"there is no state file {path}", remedy=f"make one: cardsim new {path}"
        )
    try:
        return load_card(path, interface=Interface[interface.upper()])
    except StateFileError as error:
        raise ReaderSetupError(error.problem, remedy=error.remedy) from error


def zoo_card(name: str, *, interface: str = CONTACT) -> Card:
    """Return a new card of the zoo by its name; ``cardsim zoo`` lists them.

    Raises:
        ReaderSetupError: there is no such card, or the zoo cannot be opened.
    """
    from simulators.zoo import open_named

    return open_named(name, interface=interface)


def new_state_file(path: Path) -> None:
    """Write the memory of a blank card to ``path``.

    Raises:
        ReaderSetupError: the file exists, or cannot be written.
    """
    from simulators.card import StateFileError, new_state_file

    try:
        new_state_file(path)
    except StateFileError as error:
        raise ReaderSetupError(error.problem, remedy=error.remedy) from error
