"""``cardservice office token``: programs that call. A token is shown once and kept nowhere."""

import json
from datetime import timedelta
from uuid import UUID

import click

from cardservice.accounts.api_tokens import LONGEST, PROGRAMS
from cardservice.accounts.roles import Role
from cardservice.cli.exit_codes import reports_errors
from cardservice.cli.office import configured_office
from cardservice.cli.office_accounts import region_option
from cardservice.cli.options import as_json_option
from cardservice.home.office_accounts import TokenLine, issue_token, list_tokens, revoke_token
from cardservice.home.office_database import office_database
from cardservice.settings import load_settings


@click.group()
def token() -> None:
    """Programs that call the office: stations, clinics, employers."""


@token.command(
    name="add",
    short_help="Make a token and print it once.",
    epilog="""\b
Example:
  cardservice office token add "Station 1" --role station > station.token""",
)
@click.argument("label")
@click.option(
    "--role",
    type=click.Choice(sorted(role.value for role in PROGRAMS)),
    required=True,
    help="Whose rights it has.",
)
@click.option(
    "--days", type=click.IntRange(1, LONGEST.days), default=LONGEST.days, show_default=True
)
@region_option
@reports_errors
def add_command(label: str, *, role: str, days: int, region: str | None) -> None:
    """Make a token for the program LABEL and print it: it is shown this once and kept nowhere."""
    with configured_office() as opened:
        record, text = issue_token(
            opened,
            label,
            role=Role(role),
            region=region or opened.region,
            lasts=timedelta(days=days),
        )
    click.echo(f"Token {record.id} for {label}, until {record.expires_at:%Y-%m-%d}:", err=True)
    click.echo(text)


@token.command(
    name="list",
    short_help="List the tokens, without their secrets.",
    epilog="""\b
Example:
  cardservice office token list --json""",
)
@as_json_option
@reports_errors
def list_command(*, as_json: bool) -> None:
    """List the tokens of all regions, ended ones too; needs no passphrase."""
    with office_database(load_settings()) as database:
        lines = tuple(list_tokens(database))
    if as_json:
        click.echo(json.dumps([_members(one) for one in lines], ensure_ascii=False))
        return
    for one in lines:
        end = "revoked" if one.revoked_at else f"until {one.expires_at:%Y-%m-%d}"
        click.echo(f"{one.id}  {one.region}  {one.label}  {one.role}  {one.prefix}…  {end}")


@token.command(
    name="revoke",
    short_help="End a token at once.",
    epilog="""\b
Example:
  cardservice office token revoke 01900000-0000-7000-8000-000000000000""",
)
@click.argument("token_id", type=click.UUID)
@reports_errors
def revoke_command(token_id: UUID) -> None:
    """End the token TOKEN_ID at once; harmless if it has ended."""
    with configured_office() as opened:
        revoke_token(opened, token_id)
    click.echo("Ended.")


def _members(one: TokenLine) -> dict[str, str | None]:
    return {
        "region": one.region,
        "id": str(one.id),
        "label": one.label,
        "role": one.role,
        "prefix": one.prefix,
        "expires_at": one.expires_at.isoformat(),
        "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
    }
