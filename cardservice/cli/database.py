"""``cardservice database``: the office's tables, kept up to date and backed up."""

import json
from pathlib import Path
from typing import Final, Self

import click
from rich.console import Console

from cardservice.cli.exit_codes import Exit, reports_errors
from cardservice.cli.options import TABLE, as_json_option
from cardservice.home.issuer import utc_now
from cardservice.home.office_database import database_address
from cardservice.settings import load_settings
from cardservice.storage import schema
from cardservice.storage.archive.backup import back_up
from cardservice.storage.archive.manifest import Manifest
from cardservice.storage.archive.restore import check, restore
from cardservice.storage.engine import Database, open_database

_STEP: Final = 10_000  # rows between two words about progress

database_option = click.option(
    "--database",
    "url",
    metavar="URL",
    help="sqlite:///FILE or postgresql://USER@HOST/NAME; the setting `database` unless told.",
)
_NEW = click.Path(dir_okay=False, path_type=Path)


class _Progress:
    """Says on standard error how far a long work is; on a terminal, on one line."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._said = "", 0

    def __call__(self, table: str, rows: int) -> None:
        if (table, rows // _STEP) != self._said:
            self._said = table, rows // _STEP
            end = "\r" if self._console.is_terminal else "\n"
            self._console.print(f"{table}: {rows} rows".ljust(60), end=end)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._console.print(" " * 60, end="\r")


def open_configured(url: str | None) -> Database:
    """Return the database at ``url``, or the file in the home."""
    return open_database(url or database_address(load_settings()))


@click.group()
def database() -> None:
    """The office's database: SQLite in the home, or PostgreSQL."""


@database.command(
    name="migrate",
    short_help="Make the tables, or bring them up to date.",
    epilog="""\b
Example:
  cardservice database migrate --database postgresql://office@localhost/office""",
)
@database_option
@reports_errors
def migrate_command(*, url: str | None) -> None:
    """Make the tables, or bring them up to date; harmless when they are."""
    with open_configured(url) as opened:
        before = schema.current_revision(opened)
        after = schema.migrate(opened)
    click.echo(f"Revision {after}" + (", as before." if after == before else ", just made."))


@database.command(
    name="status",
    short_help="Say whether the tables are up to date.",
    epilog="""\b
Example:
  cardservice database status --json""",
)
@database_option
@as_json_option
@reports_errors
def status_command(*, url: str | None, as_json: bool) -> None:
    """Say whether the tables are up to date; exit status 1 when not."""
    with open_configured(url) as opened:
        found, newest = schema.current_revision(opened), schema.newest_revision()
    if as_json:
        click.echo(json.dumps({"good": found == newest, "revision": found, "newest": newest}))
    elif found == newest:
        click.echo(f"Revision {found}, up to date.")
    else:
        click.echo(f"Revision {found or 'none'}; this program works with {newest}.")
        click.echo("  → cardservice database migrate")
    if found != newest:
        raise SystemExit(Exit.NOT_ALL_GOOD)


@database.command(
    name="backup",
    short_help="Write everything to one file; the service may go on.",
    epilog="""\b
Example (keep the file where scans and keys are kept: it is not encrypted):
  cardservice database backup /backup/office-2030-01-01.zip""",
)
@click.argument("archive", type=_NEW)
@database_option
@reports_errors
def backup_command(archive: Path, *, url: str | None) -> None:
    """Write all rows of one moment to ARCHIVE, a new file; the service may go on meanwhile.

    The file holds personal data and is not encrypted. Scans and keys are not in it.
    """
    with open_configured(url) as opened, _Progress() as progress:
        manifest = back_up(opened, archive, at=utc_now(), progress=progress)
    click.echo(f"Written: {_described(manifest)}.")


@database.command(
    name="check",
    short_help="Check a backup, without a database.",
    epilog="""\b
Example:
  cardservice database check /backup/office-2030-01-01.zip""",
)
@click.argument("archive", type=TABLE)
@as_json_option
@reports_errors
def check_command(archive: Path, *, as_json: bool) -> None:
    """Check every octet of ARCHIVE against what it says of itself."""
    with _Progress() as progress:
        manifest = check(archive, progress=progress)
    if as_json:
        click.echo(manifest.to_json().decode())
    else:
        click.echo(f"Whole: {_described(manifest)}.")


@database.command(
    name="restore",
    short_help="Fill an empty database from a backup.",
    epilog="""\b
Example (from SQLite to PostgreSQL, or back):
  cardservice database backup all.zip
  cardservice database restore all.zip --database postgresql://office@localhost/office""",
)
@click.argument("archive", type=TABLE)
@database_option
@reports_errors
def restore_command(archive: Path, *, url: str | None) -> None:
    """Fill an empty database with all rows of ARCHIVE, or leave it empty.

    Rows are counted and compared with the archive's hashes before anything counts as restored.
    """
    with open_configured(url) as opened, _Progress() as progress:
        manifest = restore(opened, archive, progress=progress)
    click.echo(f"Restored: {_described(manifest)}.")


def _described(manifest: Manifest) -> str:
    made = f"{manifest.made_at:%Y-%m-%d %H:%M} UTC"
    amount = f"{manifest.rows} rows of {len(manifest.tables)} tables"
    return f"{amount}, revision {manifest.schema}, {made}"
