"""``cardsim zoo``: the ready cards, and files of them."""

from pathlib import Path

import click

from simulators.cli.problem import reports_problems
from simulators.zoo import CATALOGUE, FOLDER_VARIABLE, Way, Zoo, entry_named, open_zoo


@click.group("zoo", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List the ready cards, each with what a desk must judge of it on contact.

    Example: cardsim zoo
    """
    if context.invoked_subcommand is not None:
        return
    widest = max(len(entry.name) for entry in CATALOGUE)
    for entry in CATALOGUE:
        judged = entry.judged[Way.CONTACT]
        verdict = f"{judged.outcome}: {judged.reason}"
        click.echo(f"{entry.name:{widest}}  {verdict:34}  {entry.about}")


@command.command("make")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.argument("names", nargs=-1, metavar="[NAME]...")
def make(folder: Path, names: tuple[str, ...]) -> None:
    """Write cards (all of them unless named) and what a desk must trust into FOLDER.

    Cards that are there stay as they are; what runs out is renewed.

    Example: cardsim zoo make animals valid blocked
    """
    with reports_problems():
        entries = [entry_named(name) for name in names] or CATALOGUE
        with open_zoo(folder.absolute()) as zoo:
            for entry in entries:
                click.echo(f"{entry.name}\t{_put_out(zoo, entry.name)}")
        click.echo(f"What a desk needs to judge them: {folder / 'trust'}")
        click.echo(f"By name: {FOLDER_VARIABLE}={folder} cardsim card --zoo NAME --reader …")


def _put_out(zoo: Zoo, name: str) -> str:
    written = zoo.put_out(name)
    if written is None:
        return "by name only"
    path, is_new = written
    place = path.relative_to(zoo.folder).as_posix()
    return place if is_new else f"{place}, as it was"
