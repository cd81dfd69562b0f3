"""``cardservice office``: set an office up, keep it running, and do by hand what timers do."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import click

from cardservice.cli.exit_codes import Exit, reports_errors
from cardservice.cli.lazy import LazyCommand, LazyGroup
from cardservice.cli.options import as_json_option
from cardservice.cli.passphrase import ask_new_passphrase, ask_passphrase
from cardservice.home.folder import Folder
from cardservice.home.office import OfficeHome
from cardservice.home.office_notices import find_unknown, list_unknown
from cardservice.home.office_setup import make_office, office_of
from cardservice.home.office_timers import timer_parts
from cardservice.keystores.passphrase import Passphrase, passphrase_from
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.registry.outbox_values import Notification
from cardservice.registry.timers import run_all
from cardservice.registry.timers_jobs import JOBS
from cardservice.settings import load_settings

_HERE: Final = "cardservice.cli.office"
_BUDGET_S: Final = 60.0

office: Final = LazyGroup(
    "office",
    help="The insurer's office: applications, policies, orders and cards.",
    table={
        "init": LazyCommand(_HERE, "init_command", "Make keys and tables; harmless if there."),
        "account": LazyCommand("cardservice.cli.office_accounts", "account", "Who signs in."),
        "token": LazyCommand("cardservice.cli.office_tokens", "token", "Programs that call."),
        "serve": LazyCommand(
            "cardservice.serving.office_command",
            "office_serve_command",
            "Start pages, API and timers.",
        ),
        "deliver": LazyCommand(_HERE, "deliver_command", "Send what is due; show what is unsure."),
        "daily": LazyCommand(_HERE, "daily_command", "Do what timers do, once."),
    },
)


@contextmanager
def configured_office() -> Iterator[OfficeHome]:
    """Lend the office of the settings; the passphrase comes from the environment or is asked."""
    with office_of(load_settings(), passphrase_from(prompt=ask_passphrase)) as opened:
        yield opened


@click.command(
    name="init",
    epilog="""\b
Example:
  CARDSERVICE_HOME=/srv/office CARDSERVICE_REGION=45000 cardservice office init""",
)
@reports_errors
def init_command() -> None:
    """Make the office's keys and tables, or what is missing of them; harmless when all are there.

    The keys lie in the home folder, under the passphrase of its other keys.
    """
    settings = load_settings()
    folder = Folder(settings.home)
    is_new = not any(folder.keys.glob("*"))
    passphrase: Passphrase = passphrase_from(
        prompt=ask_new_passphrase if is_new else ask_passphrase
    )
    made = make_office(settings, SoftwareKeyStore(folder.keys, passphrase))
    click.echo(f"Keys made: {', '.join(made.keys) or 'none, all were there'}.")
    click.echo(f"Tables: revision {made.revision}.")
    click.echo("Next: cardservice office account add NAME --role administrator")


@click.command(
    name="deliver",
    epilog="""\b
Examples:
  cardservice office deliver
  cardservice office deliver --again 01900000-0000-7000-8000-000000000000""",
)
@click.option("--again", type=click.UUID, metavar="ID", help="Send one of unknown outcome again.")
@click.option("--forget", type=click.UUID, metavar="ID", help="Give one of unknown outcome up.")
@as_json_option
@reports_errors
def deliver_command(*, again: UUID | None, forget: UUID | None, as_json: bool) -> None:
    """Send notifications that are due, once; list those of which nobody knows whether they arrived.

    Those are never sent again by themselves: look whether they arrived, then say --again or
    --forget. Exit status 1 when there are any.
    """
    with configured_office() as opened:
        outbox = opened.outbox
        if again is not None:
            found = find_unknown(opened, again)
            outbox.resend(found.region, found.id, version=found.version)
        if forget is not None:
            found = find_unknown(opened, forget)
            outbox.forget(found.region, found.id, version=found.version)
        tried = outbox.deliver_due(budget_s=_BUDGET_S)
        unknown = list_unknown(opened)
    _print_delivery(tried, unknown, as_json=as_json)
    if unknown:
        raise SystemExit(Exit.NOT_ALL_GOOD)


def _print_delivery(
    tried: tuple[Notification, ...], unknown: tuple[Notification, ...], *, as_json: bool
) -> None:
    if as_json:
        said = {"tried": _members(tried), "unknown": _members(unknown)}
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for one in tried:
        click.echo(f"{one.id}  {one.channel.value}  {one.masked}  {one.state.value} {one.reason}")
    for one in unknown:
        click.echo(f"{one.id}  {one.channel.value}  {one.masked}  nobody knows: {one.reason}")
    click.echo(f"{len(tried)} tried, {len(unknown)} of unknown outcome.")


def _members(notifications: tuple[Notification, ...]) -> list[dict[str, str]]:
    return [
        {
            "id": str(one.id),
            "channel": one.channel.value,
            "template": one.template.value,
            "recipient": one.masked,
            "state": one.state.value,
            "reason": one.reason,
        }
        for one in notifications
    ]


@click.command(
    name="daily",
    epilog="""\b
Example (where nothing serves, from a timer of the system):
  cardservice office daily""",
)
@reports_errors
def daily_command() -> None:
    """Do every job of the timers once: terms, leases, notifications, audit heads, forgetting.

    ``office serve`` does them by itself. Exit status 1 when a job failed.
    """
    with configured_office() as opened:
        ran = run_all(timer_parts(opened), JOBS)
    for one in ran:
        click.echo(f"{one.job} {one.region}: {one.fault or one.count}")
    if any(one.fault for one in ran):
        raise SystemExit(Exit.NOT_ALL_GOOD)
