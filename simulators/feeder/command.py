"""``cardsim feeder``: a machine at a virtual PC/SC reader, asked over TCP."""

from pathlib import Path

import click

from simulators.cli.advice import address_of
from simulators.cli.problem import reports_problems, until_interrupted
from simulators.feeder.hopper import FIRST_SERIAL, USUAL_TIME, Hopper, new_hopper, open_hopper
from simulators.feeder.machine import FeederMachine
from simulators.feeder.server import FeederServer
from simulators.reader import VirtualReaderSlot


@click.command("feeder")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--reader", required=True, metavar="HOST:PORT", help="Slot of a virtual reader.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Where to listen; 0: any.")
@click.option("--cards", type=click.IntRange(0), help="Fill a new hopper with so many blanks.")
@click.option("--first", metavar="HEX", default=f"{FIRST_SERIAL:X}", help="Their first serial.")
@click.option("--timing", metavar="MODE[:CHIP]", default=USUAL_TIME, help="As slow as a chip.")
def command(  # noqa: PLR0913 - one for each option
    folder: Path, *, reader: str, port: int, cards: int | None, first: str, timing: str
) -> None:
    """Feed blank cards into a virtual reader, as a station asks over TCP.

    Example: cardsim feeder hopper --cards 100 --reader 127.0.0.1:35963 --port 7001
    """
    with reports_problems(), until_interrupted("Switched off."):
        if cards is not None:
            new_hopper(folder, Hopper(cards=cards, first=_serial(first), time=timing))
        host, slot_port = address_of(reader)
        with (
            open_hopper(folder) as place,
            VirtualReaderSlot(host, slot_port) as slot,
            FeederServer(FeederMachine(place, slot), port=port) as server,
        ):
            click.echo(f"{server.url}: {place.left} cards in the hopper; Ctrl-C ends.")
            server.wait()


def _serial(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        raise click.BadParameter("write it in hexadecimal", param_hint="--first") from None
