"""``cardservice desk pairing``: the clinic systems that may ask this desk."""

import json

import click

from cardservice.cli.exit_codes import reports_errors
from cardservice.cli.options import as_json_option
from cardservice.home.desk import desk_home
from cardservice.home.desk_pairing import DeskPairings, Pairing
from cardservice.settings import load_settings


@click.group()
def pairing() -> None:
    """Clinic systems whose pages may ask this desk."""


@pairing.command(
    name="list",
    short_help="List the pairings.",
    epilog="""\b
Example:
  cardservice desk pairing list --json""",
)
@as_json_option
@reports_errors
def list_command(*, as_json: bool) -> None:
    """List the clinic systems that were paired with this desk, oldest first."""
    found = _pairings().all()
    if as_json:
        click.echo(json.dumps([_members(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.id}  {one.paired_at:%Y-%m-%d %H:%M}  {one.origin}  {one.name}")


@pairing.command(
    name="end",
    short_help="End a pairing at once.",
    epilog="""\b
Example:
  cardservice desk pairing end 3f1c9a7be4d20586""",
)
@click.argument("pairing_id", metavar="ID")
@reports_errors
def end_command(pairing_id: str) -> None:
    """End the pairing ID: its system is told nothing more, also by a desk that runs."""
    ended = _pairings().end(pairing_id)
    click.echo(f"Ended: {ended.name}, {ended.origin}")


def _pairings() -> DeskPairings:
    return DeskPairings(desk_home(load_settings()).kept)


def _members(one: Pairing) -> dict[str, str]:
    return {
        "id": one.id,
        "name": one.name,
        "origin": one.origin,
        "paired_at": one.paired_at.isoformat(),
    }
