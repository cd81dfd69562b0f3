"""``cardservice station``: where cards are made all day."""

from collections.abc import Mapping
from typing import Final

import click

from cardservice.cli.lazy import LazyCommand, LazyGroup

COMMANDS: Final[Mapping[str, LazyCommand]] = {
    "run": LazyCommand("cardservice.serving.station", "run", "Make cards on all readers."),
    "check": LazyCommand("cardservice.cli.station_check", "check", "Look whether all is ready."),
    "preflight": LazyCommand(
        "cardservice.cli.station_preflight", "preflight", "Try a whole table without plastic."
    ),
    "stock": LazyCommand("cardservice.cli.station_stock", "stock", "Blanks: in, out, counted."),
    "journal": LazyCommand(
        "cardservice.cli.station_journal", "journal", "What became of every card."
    ),
    "keys": LazyCommand(
        "cardservice.cli.station_keys", "keys", "Key versions, and the next issuer master."
    ),
    "card": LazyCommand(
        "cardservice.cli.station_card", "card", "Change a card that its holder has."
    ),
    "report": LazyCommand("cardservice.cli.station_report", "report", "The shift, on paper."),
    "central": LazyCommand(
        "cardservice.serving.central", "central", "Keep the keys for stations that have none."
    ),
}


@click.command(cls=LazyGroup, table=COMMANDS)
def station() -> None:
    """Make cards: from orders or a table, on one to sixteen readers."""
