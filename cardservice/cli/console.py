"""Where the commands print: wide enough in a file, as wide as it is on a terminal."""

import io
import logging
import os
import sys
from typing import Final

import click
from rich.console import Console
from rich.table import Table
from typing_extensions import override

from cardservice.domain.verdict import Check, Outcome

FILE_WIDTH: Final = 120  # columns where there is no terminal: sentences stay on one line
NAME_SHARE: Final = 3  # names take up to a third of a narrow terminal, what they name the rest

MARKS: Final = {Outcome.VALID: "✔", Outcome.INVALID: "✘", Outcome.UNDECIDED: "?"}
COLOURS: Final = {Outcome.VALID: "green", Outcome.INVALID: "red", Outcome.UNDECIDED: "yellow"}
NOTE_MARK: Final = "·"  # a check that decides nothing
NOTE_COLOUR: Final = "dim"

_LOGGER: Final = "cardservice"


def new_console(*, quiet: bool = False) -> Console:
    """Return a console on standard output; a quiet one prints nothing."""
    console = Console(highlight=False, emoji=False, quiet=quiet)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = FILE_WIDTH
    return console


def mark_of(check: Check) -> tuple[str, str]:
    """Return the mark of a check and its colour; a check that decides nothing has a plain one."""
    if not check.decisive:
        return NOTE_MARK, NOTE_COLOUR
    return MARKS[check.outcome], COLOURS[check.outcome]


def new_table(console: Console, names: int) -> Table:
    """Return an empty table of ``names`` short columns and one that takes the rest of the line."""
    table = Table.grid(padding=(0, 1))
    for _ in range(names):
        table.add_column(max_width=max(1, console.width // NAME_SHARE))
    table.add_column(ratio=1)
    return table


def prepare_streams() -> None:
    """Let no character that a terminal cannot show end a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


class _Notes(logging.Handler):
    @override
    def emit(self, record: logging.LogRecord) -> None:
        click.echo(f"note: {self.format(record)}", err=True)


def show_notes() -> None:
    """Show warnings of the program as one line each on standard error. Harmless when repeated."""
    logging.getLogger(_LOGGER).handlers = [_Notes(logging.WARNING)]


def silence_notes() -> None:
    """Say nothing beside the one JSON object that was asked for."""
    logging.getLogger(_LOGGER).handlers = [logging.NullHandler()]
