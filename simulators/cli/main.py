"""The command ``cardsim``: each command in a module of its own, fetched when it is called."""

import signal
import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Final

import click
from typing_extensions import override

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "card": ("simulators.cli.card", "Put a card into a virtual reader until Ctrl-C removes it."),
    "decode": ("simulators.cli.decode", "Explain a log of raw commands and answers."),
    "faults": ("simulators.cli.faults", "List the faults a card or reader can have; check a plan."),
    "map": ("simulators.cli.map", "Show every octet of a card by its name; compare two cards."),
    "models": ("simulators.cli.models", "List the chips, lines and readers time is modelled for."),
    "new": ("simulators.cli.new", "Make a file the memory of a new, blank card."),
    "readers": ("simulators.cli.readers", "Run virtual PC/SC readers until Ctrl-C."),
    "replay": ("simulators.cli.replay", "Feed a trace back to a card; show the first difference."),
    "serve": ("simulators.cli.serve", "Run a tray of cards and readers, controlled over HTTP."),
    "tray": ("simulators.cli.control", "Move the cards of a tray that `cardsim serve` runs."),
    "zoo": ("simulators.cli.zoo", "Ready cards, and what a desk must judge of them."),
}
"""Name → module and one line of help; in the module the command is called ``command``."""

EXTENSIONS: Final = "cardsim.commands"
"""Entry points of commands that belong to another package; the name is all that joins them."""


class CommandsOnDemand(click.Group):
    """A group whose commands are imported when they are called, so that each starts at once."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*COMMANDS, *entry_points(group=EXTENSIONS).names})

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, None when there is none."""
        if cmd_name in COMMANDS:
            command = import_module(COMMANDS[cmd_name][0]).command
        elif found := tuple(entry_points(group=EXTENSIONS, name=cmd_name)):
            command = found[0].load()
        else:
            return None
        if not isinstance(command, click.Command):
            raise TypeError(f"{cmd_name} is no command")
        return command

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing those of this package."""
        rows = [(name, self._help_of(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def _help_of(self, ctx: click.Context, name: str) -> str:
        if name in COMMANDS:
            return COMMANDS[name][1]
        command = self.get_command(ctx, name)
        return "" if command is None else command.get_short_help_str(limit=80)


@click.command(cls=CommandsOnDemand, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Cards and readers that are programs, for machines without either.

    Exit codes: 0 done, 1 not possible here (the message says what to do), 2 wrong usage.
    """
    # Ended politely by whatever started us, a card is taken out as with Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


if __name__ == "__main__":
    sys.exit(main())
