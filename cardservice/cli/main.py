"""The group of all commands; each is imported only when it is called."""

from collections.abc import Mapping
from typing import Final

import click

from cardservice.cli.console import prepare_streams, show_notes
from cardservice.cli.lazy import LazyCommand, LazyGroup

COMMANDS: Final[Mapping[str, LazyCommand]] = {
    "tour": LazyCommand("cardservice.cli.tour", "tour", "The main job in one command; try it."),
    "init": LazyCommand("cardservice.cli.init", "init", "Make a home: keys, certificates, ledger."),
    "personalize": LazyCommand(
        "cardservice.cli.personalize", "personalize", "Make cards for the rows of a table."
    ),
    "station": LazyCommand("cardservice.cli.station", "station", "Make cards all day."),
    "verify": LazyCommand("cardservice.cli.cards", "verify", "Judge a card as a clinic does."),
    "card": LazyCommand("cardservice.cli.cards", "card", "Look at a single card."),
    "reader": LazyCommand(
        "cardservice.cli.readers", "reader", "List readers; find out why one fails."
    ),
    "pki": LazyCommand("cardservice.cli.pki", "pki", "Keep certificates fresh; enrol desks."),
    "database": LazyCommand(
        "cardservice.cli.database", "database", "Keep and back up the office's tables."
    ),
    "office": LazyCommand("cardservice.cli.office", "office", "Run the insurer's office."),
    "clinics": LazyCommand(
        "cardservice.cli.clinics", "clinics", "Enrol clinics' desks; answer them."
    ),
    "audit": LazyCommand(
        "cardservice.cli.audit", "audit", "Prove that nobody changed the audit log."
    ),
    "desk": LazyCommand("cardservice.cli.desk", "desk", "A clinic's desk, enrolled at a service."),
    "serve": LazyCommand("cardservice.serving", "serve_command", "Start the desk's page."),
}


@click.command(
    cls=LazyGroup,
    table=COMMANDS,
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
