"""Options that several commands share."""

from pathlib import Path

import click

TABLE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)

reader_option = click.option(
    "--reader",
    required=True,
    metavar="URL",
    help="pcsc: (the only card), pcsc:NAME, or sim:FILE (a software card).",
)
as_json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."
)
