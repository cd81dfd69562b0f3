"""``cardsim card``: a card in a virtual reader until Ctrl-C."""

from pathlib import Path
from typing import Final

import click

from simulators.card import Interface
from simulators.cli.advice import address_of
from simulators.cli.choosing import choose_card, choose_plan, choose_timing
from simulators.cli.problem import reports_problems, stay_while, until_interrupted
from simulators.reader.cards import INTERFACES
from simulators.trace import JsonLinesSink, Masking
from simulators.tray import Tray

NOTICE_S: Final = 3.0
_CARD: Final = "card"
_STATE = click.Path(path_type=Path)


@click.command("card")
@click.option("--reader", required=True, metavar="HOST:PORT", help="Slot of a virtual reader.")
@click.option("--state", type=_STATE, help="File that is the card's memory.")
@click.option("--blank", is_flag=True, help="A new card; without --state it is forgotten.")
@click.option("--zoo", metavar="NAME", help="A card of the zoo; see `cardsim zoo`.")
@click.option("--interface", type=click.Choice(INTERFACES), default=INTERFACES[0])
@click.option("--timing", metavar="MODE[:CHIP]", help="As slow as a chip: real:median.")
@click.option("--faults", metavar="PLAN", help="Name or file of a plan; see `cardsim faults`.")
@click.option("--trace", type=_STATE, help="New file to record to, personal data sealed.")
@click.option("--unmasked", is_flag=True, help="Let the trace show personal data.")
def command(  # noqa: PLR0913 - one for each option
    reader: str,
    state: Path | None,
    zoo: str | None,
    *,
    blank: bool,
    interface: str,
    timing: str | None,
    faults: str | None,
    trace: Path | None,
    unmasked: bool,
) -> None:
    """Put a card into a virtual reader until Ctrl-C removes it.

    Example: cardsim card --reader 127.0.0.1:35963 --state anna.card
    """
    with reports_problems(), until_interrupted("Removed."), Tray() as tray:
        tray.attach_pcsc_reader(reader, *address_of(reader), interface=Interface(interface))
        tray.add_card(_CARD, choose_card(state, zoo, blank=blank))
        tray.set_timing(reader, choose_timing(timing))
        tray.set_faults(reader, choose_plan(faults))
        if trace is not None:
            masking = Masking.NONE if unmasked else Masking.PERSONAL
            tray.record(reader, JsonLinesSink(trace), masking=masking)
        _hold(tray, reader)


def _hold(tray: Tray, reader: str) -> None:
    tray.insert(_CARD, reader)
    seen = tray.wait_until_noticed(reader, NOTICE_S)
    waiting = f"Waiting for a reader at {reader}; Ctrl-C ends."
    click.echo("The card is in; Ctrl-C removes it." if seen else waiting)
    stay_while(lambda: tray.cards[_CARD].reader is not None)
