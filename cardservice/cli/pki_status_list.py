"""``cardservice pki status-list``: which cards are good, built, signed, published, shown."""

import json
import secrets
from pathlib import Path
from typing import Final

import click

from cardservice.cli.exit_codes import reports_errors
from cardservice.cli.options import as_json_option
from cardservice.cli.pki_stores import open_issuer
from cardservice.errors import UsageError
from cardservice.home.folder import Folder
from cardservice.home.issuer import utc_now
from cardservice.home.office_database import office_database
from cardservice.home.status_lists import (
    PUBLISHED,
    ListPlaces,
    build_list,
    facts_of,
    list_uri,
    publish_list,
)
from cardservice.home.status_lists_rows import register_rows
from cardservice.home.status_lists_showing import ShownList, show_list
from cardservice.home.status_lists_signer import open_list_signer, renew_list_signer
from cardservice.pki.status_list_tokens import TokenForm
from cardservice.registry.stations_numbers import LIST_NUMBER
from cardservice.registry.status_lists import Built
from cardservice.settings import Settings, load_settings

_OUT: Final = click.Path(file_okay=False, path_type=Path)

out_option = click.option(
    "--out", type=_OUT, metavar="FOLDER", help="Where lists go.  [default: statuslists in the home]"
)
address_option = click.option(
    "--address",
    metavar="URL",
    help="Where desks find the lists; part of their names.  [default: the office's public address]",
)


@click.group(name="status-list")
def status_list() -> None:
    """Which cards are blocked or ended, as desks learn it."""


@status_list.command(
    name="build",
    short_help="Bring the list up to date with the register.",
    epilog="""\b
Examples:
  cardservice pki status-list build
  cardservice pki status-list build --whole""",
)
@click.option("--whole", is_flag=True, help="Read the whole register, not only what changed.")
@as_json_option
@reports_errors
def build_command(*, whole: bool, as_json: bool) -> None:
    """Bring the list up to date with the register; nothing is signed or published.

    Only what changed since the last time is read. A list that is missing or damaged is built as a
    whole by itself.
    """
    settings = load_settings()
    built = _build(settings, _places(settings, None), whole=whole)
    _say(built, as_json=as_json)


@status_list.command(
    name="publish",
    short_help="Build, sign and publish the list.",
    epilog="""\b
Example (every half hour, from a timer):
  cardservice pki status-list publish --address https://oms.example.org --out /srv/www/lists""",
)
@address_option
@out_option
@as_json_option
@reports_errors
def publish_command(*, address: str | None, out: Path | None, as_json: bool) -> None:
    """Bring the list up to date, sign it, and put it in place of the one before.

    Its key is made, and certified by the root, when there is none or its time is short. The
    passphrase comes from CARDSERVICE_KEY_PASSPHRASE or is asked for.
    """
    settings = load_settings()
    places = _places(settings, out)
    uri = list_uri(_address(settings, address), places.number)
    folder, keys = open_issuer()
    if renew_list_signer(folder, keys, entropy=secrets.token_bytes, at=utc_now()) and not as_json:
        click.echo("new signer of status lists certified")
    signer = open_list_signer(folder, keys)
    at = utc_now()
    built = _build(settings, places, whole=False)
    published = publish_list(places, built.kept, signer, uri=uri, at=at)
    if as_json:
        click.echo(json.dumps(facts_of(published)))
        return
    _say(built, as_json=False)
    click.echo(f"{published.uri}: issued {published.issued}, expires {published.expires}")
    for form in TokenForm:
        click.echo(f"{places.token(form)}: {published.octets[form]} octets")


@status_list.command(
    name="show",
    short_help="Verify the published list as a desk would, and show it.",
    epilog="""\b
Examples:
  cardservice pki status-list show
  cardservice pki status-list show --place 20481033 --json""",
)
@click.option("--place", type=click.IntRange(min=0), help="Show the status at that place, too.")
@address_option
@out_option
@as_json_option
@reports_errors
def show_command(
    *, place: int | None, address: str | None, out: Path | None, as_json: bool
) -> None:
    """Verify the published list as this home's own desk would, and show what it says."""
    settings = load_settings()
    places = _places(settings, out)
    uri = list_uri(_address(settings, address), places.number)
    shown = show_list(places, settings, uri=uri, at=utc_now(), place=place)
    if as_json:
        click.echo(json.dumps(_members(shown)))
        return
    for name, value in _members(shown).items():
        click.echo(f"{name:10}  {value}")


def _build(settings: Settings, places: ListPlaces, *, whole: bool) -> Built:
    with office_database(settings) as database, register_rows(database) as rows:
        return build_list(places, rows, size=settings.status_list_places, whole=whole)


def _places(settings: Settings, out: Path | None) -> ListPlaces:
    home = Folder(settings.home).require()
    return ListPlaces(home, LIST_NUMBER, home.path / PUBLISHED if out is None else out)


def _address(settings: Settings, given: str | None) -> str:
    address = given or settings.public_address
    if address is None:
        raise UsageError(
            "say where desks find the lists: --address URL, or the setting public_address"
        )
    return address


def _say(built: Built, *, as_json: bool) -> None:
    places = built.kept.array.places
    if as_json:
        said = {"list": built.kept.number, "places": places, "whole": built.whole}
        click.echo(json.dumps({**said, "changed": built.changed}))
        return
    how = "read as a whole" if built.whole else "brought up to date"
    click.echo(f"list {built.kept.number}: {how}, {built.changed} of {places} places changed")


def _members(shown: ShownList) -> dict[str, object]:
    members: dict[str, object] = {
        "uri": shown.uri,
        "issued": shown.issued.isoformat(),
        "expires": shown.expires.isoformat(),
        "age_s": shown.age_s,
        "places": shown.places,
        **shown.counts,
    }
    return members if shown.status is None else {**members, "status": shown.status}
