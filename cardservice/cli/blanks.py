"""Blank cards for a batch: simulated ones, or those that a person puts into a reader."""

from contextlib import ExitStack
from typing import Final

import click

from cardservice.errors import UsageError
from cardservice.transport.registry import SEPARATOR, list_schemes
from cardservice.transport.tray import (
    BlankCards,
    InProcessCards,
    PresentedByHand,
    open_virtual_cards,
)

SIMULATED: Final = "sim"
PCSC: Final = "pcsc"


def scheme_of(reader: str) -> str:
    """Return the scheme of a reader URL.

    Raises:
        UsageError: no such kind of reader is installed.
    """
    scheme = reader.partition(SEPARATOR)[0]
    if scheme not in list_schemes():
        choices = ", ".join(f"{known}{SEPARATOR}" for known in list_schemes())
        raise UsageError(f"no kind of reader is called {scheme!r}; there are: {choices}")
    return scheme


def is_bare(reader: str, scheme: str) -> bool:
    """Say whether the URL names the scheme and nothing else."""
    return reader in {scheme, f"{scheme}{SEPARATOR}"}


def is_by_hand(reader: str) -> bool:
    """Say whether a person puts the cards in; raises UsageError as ``scheme_of``."""
    return scheme_of(reader) != SIMULATED


def tour_blanks(reader: str, stack: ExitStack) -> BlankCards:
    """Return blanks for a tour: simulated, in virtual PC/SC readers, or asked for one by one."""
    if is_bare(reader, SIMULATED):
        return InProcessCards()
    if is_bare(reader, PCSC):
        return open_virtual_cards(stack)
    by_hand = is_by_hand(reader)
    return PresentedByHand(reader, ask=lambda: ask_for_blank(reader) if by_hand else None)


def ask_for_blank(reader: str) -> None:
    """Ask the operator before anything is written to a card; a no ends the command."""
    click.confirm(
        f"Put a BLANK card into {reader}. Write to it?", abort=True, default=False, err=True
    )


class BlanksByHand:
    """Cards that are asked for one after the other, for one order each.

    Args:
        reader: where they go in.
        yes: the operator has agreed beforehand; then only the change of cards is waited for.
    """

    def __init__(self, reader: str, *, yes: bool) -> None:
        self._reader = reader
        self._yes = yes
        self._asked = 0

    def ask(self, what: str) -> None:
        """Ask for the blank card for ``what``; a no, or nobody there to say yes, ends the batch."""
        self._asked += 1
        if self._asked == 1 and self._yes:
            return
        if self._yes:
            click.prompt(
                f"{what}: put the next BLANK card into {self._reader} and press Enter",
                default="",
                show_default=False,
                prompt_suffix=" ",
                err=True,
            )
            return
        question = f"{what}: put a BLANK card into {self._reader}. Write to it?"
        click.confirm(question, abort=True, default=self._asked > 1, err=True)

    def ask_again(self) -> None:
        """Ask whether to try once more, with the same card or another."""
        question = f"Put the same card back into {self._reader}, or another BLANK one. Try again?"
        click.confirm(question, abort=True, default=False, err=True)
