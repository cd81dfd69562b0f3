"""``cardsim readers``: virtual PC/SC readers until Ctrl-C."""

import click

from simulators.cli.advice import adding_entries
from simulators.cli.problem import reports_problems, stay_while, until_interrupted
from simulators.reader import namespace
from simulators.reader.daemon import Pcscd
from simulators.reader.driver import MAX_READERS, entries_for
from simulators.reader.place import SYSTEM, answers


@click.command("readers")
@click.option(
    "--count", default=2, show_default=True, type=click.IntRange(1, MAX_READERS), help="How many."
)
def command(count: int) -> None:
    """Run virtual PC/SC readers until Ctrl-C, and print NAME and HOST:PORT of each.

    Starts pcscd, so it must be root. If pcscd runs already, prints what to add to it instead.
    They come in pairs. The driver listens on every network interface: development machines only.

    Example: sudo cardsim readers --count 4
    """
    with reports_problems():
        if answers(namespace.SOCKET):
            click.echo(adding_entries(entries_for(count)))
            return
        with until_interrupted("Removed."), Pcscd(SYSTEM, readers=count) as pcscd:
            for slot in pcscd.slots:
                click.echo(f"{slot.name}\t{slot.host}:{slot.port}")
            click.echo("Ctrl-C ends the readers.", err=True)
            stay_while(lambda: pcscd.pid is not None)
