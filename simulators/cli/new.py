"""``cardsim new``: a file that is the memory of a blank card."""

from pathlib import Path

import click

from simulators.cli.problem import reports_problems
from simulators.reader.cards import new_state_file


@click.command("new")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Make FILE the memory of a new, blank card.

    Example: cardsim new anna.card
    """
    with reports_problems():
        new_state_file(file)
    click.echo(f"{file} is a blank card.")
