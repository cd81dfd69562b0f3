"""``cardservice pki``: certificates and lists, kept fresh."""

import json
import secrets
from collections.abc import Sequence
from typing import Final

import click

from cardservice.cli.exit_codes import Exit, reports_errors
from cardservice.cli.lazy import LazyCommand, LazyGroup
from cardservice.cli.options import as_json_option
from cardservice.cli.pki_stores import open_issuer
from cardservice.home.anchors import roll_root_over
from cardservice.home.folder import Folder
from cardservice.home.issuer import utc_now
from cardservice.home.renewal import renew
from cardservice.home.terminals_status import Freshness, StatusItem, status
from cardservice.home.trust_points import (
    create_authority,
    renew_verifier,
    renew_verifier_if_due,
    roll_over,
)
from cardservice.pki.cv.issuing import DOCUMENT_VERIFIER_DAYS
from cardservice.settings import load_settings

_HERE: Final = "cardservice.cli.pki"
_MARKS: Final = {
    Freshness.OK: "✔",
    Freshness.DUE: "!",
    Freshness.EXPIRED: "✘",
    Freshness.MISSING: "✘",
}


pki: Final = LazyGroup(
    "pki",
    help="Certificates and lists: what runs out, and what is done about it.",
    table={
        "ceremony": LazyCommand(
            "cardservice.cli.pki_ceremony",
            "ceremony",
            "Make keys before two persons who sign for it.",
        ),
        "cvca": LazyCommand(_HERE, "cvca", "The authority that cards know terminals by."),
        "desk": LazyCommand(
            "cardservice.cli.pki_desk", "desk", "A clinic's desk: enrol it, keep it, end it."
        ),
        "dv": LazyCommand(_HERE, "dv", "The document verifier, which certifies desks."),
        "renew": LazyCommand(
            _HERE, "renew_command", "A fresh revocation list; signer and verifier if due."
        ),
        "root": LazyCommand(_HERE, "root", "The authority that desks know cards by."),
        "status": LazyCommand(_HERE, "status_command", "What runs out when, and what to do."),
        "status-list": LazyCommand(
            "cardservice.cli.pki_status_list",
            "status_list",
            "Which cards are blocked or ended, as desks learn it.",
        ),
    },
)


@click.command(
    name="status",
    short_help="What runs out when, and what to do.",
    epilog="""\b
Example:
  cardservice pki status --json""",
)
@as_json_option
@reports_errors
def status_command(*, as_json: bool) -> None:
    """Show what runs out when, and what to do; opens no key.

    Exit status 1 means that something is due, has run out or is missing.
    """
    items = status(Folder(load_settings().home), at=utc_now())
    good = all(one.state is Freshness.OK for one in items)
    if as_json:
        answer = {"good": good, "items": [_item(one) for one in items]}
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        _print(items)
    if not good:
        raise SystemExit(Exit.NOT_ALL_GOOD)


@click.command(
    name="renew",
    short_help="Issue a fresh revocation list; signer and verifier if due.",
    epilog="""\b
Example (once a day, from a timer):
  cardservice pki renew""",
)
@reports_errors
def renew_command() -> None:
    """Issue a fresh revocation list; a new signer or verifier when its time is short.

    The passphrase comes from CARDSERVICE_KEY_PASSPHRASE or is asked for.
    """
    folder, keys = open_issuer()
    _say(renew(folder, keys, entropy=secrets.token_bytes, at=utc_now()))
    _say(renew_verifier_if_due(folder, keys, at=utc_now()))


@click.group()
def cvca() -> None:
    """The authority that cards know terminals by."""


@cvca.command(
    short_help="Make the authority in a home that has none.",
    epilog="""\b
Example:
  cardservice pki cvca create""",
)
@reports_errors
def create() -> None:
    """Make a CVCA and a document verifier in a home that was made before there were any.

    To do it before two persons, with a transcript: cardservice pki ceremony cvca
    """
    folder, keys = open_issuer()
    _say(create_authority(folder, keys, at=utc_now()))


@cvca.command(
    short_help="Make the next authority, and the link that leads cards to it.",
    epilog="""\b
Example:
  cardservice pki cvca rollover""",
)
@reports_errors
def rollover() -> None:
    """Make the next CVCA with a new key, a link certificate to it, and a new document verifier.

    Cards that have the old trust point learn the new one from any desk that renewed since. New
    cards get the new one after a week, when every desk has the link.

    To do it before two persons, with a transcript: cardservice pki ceremony rollover
    """
    folder, keys = open_issuer()
    _say(roll_over(folder, keys, at=utc_now()))


@click.group()
def root() -> None:
    """The authority that desks know cards by."""


@root.command(
    name="rollover",
    short_help="Make the next root, and the link that leads desks to it.",
    epilog="""\b
Example:
  cardservice pki root rollover""",
)
@reports_errors
def root_rollover() -> None:
    """Make the next root with a new key, and a link certificate to it by the present one.

    Within the five years that the present root signs. Desks follow when they next ask the
    service for clinics; what the former root signed stays good.

    To do it before two persons, with a transcript: cardservice pki ceremony root
    """
    folder, keys = open_issuer()
    _say(roll_root_over(folder, keys, entropy=secrets.token_bytes, at=utc_now()))


@click.group()
def dv() -> None:
    """The document verifier, which certifies desks."""


@dv.command(
    name="renew",
    short_help="Make the next document verifier.",
    epilog="""\b
Example:
  cardservice pki dv renew --days 60""",
)
@click.option(
    "--days", default=DOCUMENT_VERIFIER_DAYS, show_default=True, help="Validity, 90 at most."
)
@reports_errors
def renew_verifier_command(days: int) -> None:
    """Make the next document verifier, with a new key; desks hear of it when they renew."""
    folder, keys = open_issuer()
    _say(renew_verifier(folder, keys, at=utc_now(), days=days))


def _say(done: Sequence[str]) -> None:
    for sentence in done:
        click.echo(sentence)


def _item(item: StatusItem) -> dict[str, str | None]:
    return {
        "name": item.name,
        "state": item.state,
        "until": None if item.until is None else item.until.isoformat(),
        "remedy": item.remedy,
    }


def _print(items: Sequence[StatusItem]) -> None:
    width = max(len(item.name) for item in items)
    for item in items:
        until = "missing" if item.until is None else f"until {item.until.date()}"
        run_out = ", has run out" if item.state is Freshness.EXPIRED else ""
        click.echo(f"{_MARKS[item.state]} {item.name:{width}}  {until}{run_out}")
        if item.remedy is not None:
            click.echo(f"  → {item.remedy}")
