"""The group of all commands; each is imported only when it is called."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

import click
from typing_extensions import override

from cardservice.cli.console import prepare_streams, show_notes


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """Where a command lives, and the line it has in the list."""

    module: str
    name: str
    line: str


COMMANDS: Final[Mapping[str, LazyCommand]] = {
    "tour": LazyCommand("cardservice.cli.tour", "tour", "The main job in one command; try it."),
    "init": LazyCommand("cardservice.cli.init", "init", "Make a home: keys, certificates, ledger."),
    "personalize": LazyCommand(
        "cardservice.cli.personalize", "personalize", "Make cards for the rows of a table."
    ),
    "verify": LazyCommand("cardservice.cli.cards", "verify", "Judge a card as a clinic does."),
    "card": LazyCommand("cardservice.cli.cards", "card", "Look at a single card."),
    "reader": LazyCommand(
        "cardservice.cli.readers", "reader", "List readers; find out why one fails."
    ),
    "pki": LazyCommand("cardservice.cli.pki", "pki", "Keep certificates fresh; enrol desks."),
    "database": LazyCommand(
        "cardservice.cli.database", "database", "Keep and back up the office's tables."
    ),
    "serve": LazyCommand("cardservice.serving", "serve_command", "Start the desk's page."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = COMMANDS.get(cmd_name)
        if found is None:
            return None
        return cast("click.Command", getattr(importlib.import_module(found.module), found.name))

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.line) for name, one in COMMANDS.items()])


@click.command(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Start with:   cardservice tour
Settings:     CARDSERVICE_HOME, CARDSERVICE_LANGUAGE (ru, en) and more: docs/commands.md
Exit status:  0 all good · 1 a row refused, a verdict not "valid", or you said no
              2 wrong usage · 3 the card broke a rule · 4 reader or card went away
              5 keys, files or rules say no""",
)
@click.version_option(package_name="electronic-policy-card")
def cardservice() -> None:
    """Issue electronic policy cards and verify them."""
    prepare_streams()
    show_notes()
