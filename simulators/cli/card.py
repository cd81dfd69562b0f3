"""``cardsim card``: a card in a virtual reader until Ctrl-C."""

from pathlib import Path
from typing import Final

import click

from simulators.cli.advice import address_of
from simulators.cli.problem import reports_problems, stay_while, until_interrupted
from simulators.reader.card import Card
from simulators.reader.cards import INTERFACES, blank_card, load_card, new_state_file
from simulators.reader.errors import ReaderSetupError
from simulators.reader.vpcd import VirtualReaderSlot

NOTICE_S: Final = 3.0


@click.command("card")
@click.option("--reader", required=True, metavar="HOST:PORT", help="Slot of a virtual reader.")
@click.option("--state", type=click.Path(path_type=Path), help="File that is the card's memory.")
@click.option("--blank", is_flag=True, help="A new card; without --state it is forgotten.")
@click.option("--interface", type=click.Choice(INTERFACES), default=INTERFACES[0])
def command(reader: str, state: Path | None, *, blank: bool, interface: str) -> None:
    """Put a card into a virtual reader until Ctrl-C removes it.

    Example: cardsim card --reader 127.0.0.1:35963 --state anna.card
    """
    with reports_problems():
        _hold(_card(state, blank=blank, interface=interface), *address_of(reader))


def _card(state: Path | None, *, blank: bool, interface: str) -> Card:
    if state is None:
        if blank:
            return blank_card(interface=interface)
        raise ReaderSetupError("which card?", remedy="give --state FILE, or --blank")
    if blank:
        new_state_file(state)
    return load_card(state, interface=interface)


def _hold(held: Card, host: str, port: int) -> None:
    with until_interrupted("Removed."), VirtualReaderSlot(host, port) as slot:
        slot.insert(held)
        seen = slot.wait_until_noticed(NOTICE_S)
        waiting = f"Waiting for a reader at {host}:{port}; Ctrl-C ends."
        click.echo("The card is in; Ctrl-C removes it." if seen else waiting)
        stay_while(lambda: slot.occupied)
