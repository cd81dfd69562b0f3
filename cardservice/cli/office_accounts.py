"""``cardservice office account``: who signs in. A password is typed or in a file, never told."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from cardservice.accounts.passwords import PASSWORD_MAX
from cardservice.accounts.roles import STAFF, Role
from cardservice.cli.exit_codes import reports_errors
from cardservice.cli.office import configured_office
from cardservice.cli.options import TABLE, as_json_option
from cardservice.cli.passphrase import ask_new_passphrase
from cardservice.home.office_accounts import (
    AccountLine,
    add_account,
    close_account,
    list_accounts,
    reset_password,
)
from cardservice.home.office_database import office_database
from cardservice.home.office_secrets import read_secret
from cardservice.settings import load_settings

_UTF8_MOST: Final = 4  # octets of a character
ROLES: Final = click.Choice(sorted(role.value for role in STAFF))
region_option = click.option(
    "--region", metavar="DIGITS", help="Where they work, five digits; default: the setting."
)
_password_option = click.option(
    "--password-file", type=TABLE, help="File with the password; asked for, or a line of input."
)


@click.group()
def account() -> None:
    """Who signs in at the office."""


@account.command(
    name="add",
    short_help="Make an account.",
    epilog="""\b
Example:
  cardservice office account add anna --role clerk --role approver""",
)
@click.argument("name")
@click.option("--role", "roles", type=ROLES, multiple=True, required=True, help="What they may do.")
@region_option
@_password_option
@reports_errors
def add_command(
    name: str, *, roles: tuple[str, ...], region: str | None, password_file: Path | None
) -> None:
    """Make an account NAME; its password is typed twice, or a line of standard input."""
    with configured_office() as opened:
        made = add_account(
            opened,
            name,
            roles=frozenset(map(Role, roles)),
            region=region or opened.region,
            password=_password(password_file),
        )
    click.echo(f"Account {made.name} in region {made.region}.")


@account.command(
    name="list",
    short_help="List the accounts.",
    epilog="""\b
Example:
  cardservice office account list --json""",
)
@as_json_option
@reports_errors
def list_command(*, as_json: bool) -> None:
    """List the accounts of all regions; needs no passphrase."""
    with office_database(load_settings()) as database:
        lines = tuple(list_accounts(database))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in lines], ensure_ascii=False))
        return
    for one in lines:
        click.echo(_line(one))


@account.command(
    name="reset-password",
    short_help="Set another password.",
    epilog="""\b
Example:
  cardservice office account reset-password anna""",
)
@click.argument("name")
@_password_option
@reports_errors
def reset_password_command(name: str, *, password_file: Path | None) -> None:
    """Set another password for NAME and end all sessions of the account."""
    with configured_office() as opened:
        saved = reset_password(opened, name, _password(password_file))
    click.echo(f"Account {saved.name} has another password; its sessions are ended.")


@account.command(
    name="close",
    short_help="Close an account.",
    epilog="""\b
Example:
  cardservice office account close anna""",
)
@click.argument("name")
@reports_errors
def close_command(name: str) -> None:
    """Close the account NAME: nobody signs in with it any more, its sessions are ended."""
    with configured_office() as opened:
        closed = close_account(opened, name)
    click.echo(f"Account {closed.name} is closed.")


def _password(file: Path | None) -> str:
    if file is not None:
        return read_secret(file, named="--password-file")
    if sys.stdin.isatty():
        return ask_new_passphrase("Password of the account: ")
    return sys.stdin.readline(PASSWORD_MAX * _UTF8_MOST).removesuffix("\n")


def _line(one: AccountLine) -> str:
    notes = [
        *(["no password"] if not one.has_password else []),
        *(["second factor"] if one.has_second_factor else []),
        *(["closed"] if one.disabled else []),
    ]
    return "  ".join((one.region, one.name, ",".join(one.roles), *notes))
