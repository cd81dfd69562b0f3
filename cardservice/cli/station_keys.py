"""``cardservice station keys``: which key versions cards have, and the next one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click

from cardservice.cli.exit_codes import reports_errors
from cardservice.cli.options import as_json_option
from cardservice.cli.passphrase import ask_passphrase
from cardservice.cli.pki_stores import who
from cardservice.cli.station_keys_shown import as_lines, as_members, version_rows
from cardservice.cli.station_keys_store import keys_at_hand, reading_keys
from cardservice.errors import Refusal
from cardservice.home import key_versions
from cardservice.home.folder import Folder, issuer_master_name
from cardservice.home.issuer import utc_now
from cardservice.home.key_versions import Author, known_versions, read_key_versions
from cardservice.home.station_journal import journal_file, journal_path
from cardservice.keystores.memory import TRANSPORT_MASTER
from cardservice.personalization.key_versions import parse_version, spell_version
from cardservice.settings import Settings, load_settings

_yes_option = click.option("--yes", is_flag=True, help="Do not ask.")
_version_option = click.option(
    "--version", "text", required=True, metavar="HEX", help="The key version, two digits."
)


@click.group()
def keys() -> None:
    """Versions of the keys on cards: which is written, which are opened, the next one."""


@keys.command(
    short_help="Which versions there are, and which is written.",
    epilog="""\b
Example:
  cardservice station keys show --json""",
)
@as_json_option
@reports_errors
def show(*, as_json: bool) -> None:
    """Show the key versions, the names of their masters, and who changed what when.

    No key is shown, nor a check value of one. Of a key folder no key is opened; a security
    module asks for its PIN.
    """
    with reading_keys(_settings(), prompt=ask_passphrase) as at_hand:
        versions = read_key_versions(at_hand.folder)
        known = known_versions(at_hand.store)
        has_transport = TRANSPORT_MASTER in at_hand.store.names()
    rows = version_rows(versions, known, has_transport=has_transport)
    if as_json:
        click.echo(json.dumps(as_members(at_hand.where, versions, rows), ensure_ascii=False))
        return
    for line in as_lines(at_hand.where, versions, rows):
        click.echo(line)


@keys.command(
    short_help="Make the next master; new cards get its version.",
    epilog="""\b
Example:
  cardservice station keys rollover""",
)
@_yes_option
@reports_errors
def rollover(*, yes: bool) -> None:
    """Make the next issuer master in the key store, and write its version on cards from now on.

    Cards with older versions are opened as before, and get the new one when they come to a
    station for any work. No station may run meanwhile.
    """
    settings = _settings()
    with _station_stopped(settings), keys_at_hand(settings, prompt=ask_passphrase) as at_hand:
        version = spell_version(key_versions.version_after(at_hand.folder, at_hand.store))
        _ask(f"Make key version {version} the one that cards get from now on?", yes=yes)
        made = key_versions.roll_over(at_hand.folder, at_hand.store, author=_author())
    click.echo(f"✔ Version {version} is current; its master is {issuer_master_name(made)}.")
    click.echo(f"Back up {at_hand.where} now: without this master its cards can never be changed.")
    click.echo(f"New cards get {version}. Cards with an older version get it at their next work.")
    click.echo("Start the station again; stop and start a central service, if this is its home.")


@keys.command(
    short_help="Open cards of a version no more.",
    epilog="""\b
Example:
  cardservice station keys retire --version 31""",
)
@_version_option
@_yes_option
@reports_errors
def retire(text: str, *, yes: bool) -> None:
    """Open no cards of a version any more, e.g. because its master was disclosed.

    Cards that have it are refused for work after issue, until it is restored; clinics read them
    as before. The master stays in the key store.
    """
    version, settings = parse_version(text), _settings()
    with _station_stopped(settings), reading_keys(settings, prompt=ask_passphrase) as at_hand:
        question = f"Refuse all cards that have key version {spell_version(version)}?"
        _ask(question, yes=yes)
        key_versions.retire(at_hand.folder, at_hand.store, version, author=_author())
    click.echo(f"✔ Version {spell_version(version)} is retired.")
    click.echo(f"Undo: cardservice station keys restore --version {spell_version(version)}")


@keys.command(
    short_help="Open cards of a retired version again.",
    epilog="""\b
Example:
  cardservice station keys restore --version 31""",
)
@_version_option
@reports_errors
def restore(text: str) -> None:
    """Open cards of a retired version again; they get the current one at their next work."""
    version, settings = parse_version(text), _settings()
    with _station_stopped(settings):
        key_versions.restore(Folder(settings.home).require(), version, author=_author())
    click.echo(f"✔ Version {spell_version(version)} is opened again.")


def _settings() -> Settings:
    """Return the settings; raises Refusal ``keys-elsewhere`` where a central service has the keys.

    Its home has the versions too.
    """
    settings = load_settings()
    if settings.station_central is not None:
        raise Refusal("keys-elsewhere", "The keys are with the central service; go there.")
    return settings


@contextmanager
def _station_stopped(settings: Settings) -> Iterator[None]:
    """Keep stations of this home away; raises Refusal ``journal-in-use`` if one runs.

    A lane learns of versions when it starts, and would go on with the old ones.
    """
    if not journal_path(settings).exists():
        yield
        return
    with journal_file(settings):
        yield


def _ask(question: str, *, yes: bool) -> None:
    if not yes:
        click.confirm(question, abort=True, err=True)


def _author() -> Author:
    return Author(by=who(None), at=utc_now())
