"""``cardservice pki ceremony``: keys made before two persons, and a transcript that both sign."""

import json
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import click

from cardservice.cli.exit_codes import Exit, reports_errors
from cardservice.cli.options import as_json_option
from cardservice.cli.passphrase import ask_passphrase
from cardservice.cli.pki_stores import FILE, open_desk, open_issuer, read_bounded
from cardservice.errors import UsageError
from cardservice.home.anchors import roll_root_over
from cardservice.home.ceremony import TEXT, Ceremony, hold
from cardservice.home.ceremony_signatures import (
    CeremonyCheck,
    add_signature,
    check,
    find,
    sign_with_key,
)
from cardservice.home.ceremony_transcript import read_person, require_two
from cardservice.home.enrolment_files import group_digits
from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.issuer import utc_now
from cardservice.home.trust_points import create_authority, roll_over
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.pki.names import Fund
from cardservice.settings import load_settings

P = ParamSpec("P")
R = TypeVar("R")
Persons = tuple[tuple[str, Path], ...]

_PERSON: Final = (str, FILE)

_shared: Final = (
    click.option(
        "--person",
        "persons",
        type=_PERSON,
        multiple=True,
        required=True,
        metavar="NAME KEY.PEM",
        help="One of the two who answer for it, and their public key; give it twice.",
    ),
    click.option("--witness", "witnesses", multiple=True, metavar="NAME", help="Others present."),
    click.option("--place", default="", help="Where it is held."),
)


def _attended(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command the options that say who is there."""
    for option in reversed(_shared):
        command = option(command)
    return command


@click.group(short_help="Make keys before two persons who sign for it.")
def ceremony() -> None:
    """Make keys before two persons, who then sign the transcript with keys of their own.

    A person's key: openssl ecparam -name prime256v1 -genkey -noout -out anna.key; its public
    half: openssl ec -in anna.key -pubout -out anna.pem
    """


@ceremony.command(
    name="home",
    short_help="Set up a home: root, signer, CVCA, verifier.",
    epilog="""\b
Example:
  cardservice pki ceremony home --fund 45001 --person Anna anna.pem --person Ivan ivan.pem""",
)
@click.option("--fund", metavar="CODE", help="Issuing fund, five digits; default: the setting.")
@click.option("--name", default="Фонд ОМС", show_default=True, help="The fund's name.")
@_attended
@reports_errors
def home_command(
    fund: str | None, name: str, *, persons: Persons, witnesses: tuple[str, ...], place: str
) -> None:
    """Do what `cardservice init` does, and write down what was made."""
    settings = load_settings()
    wish = NewHome(fund=Fund(fund or settings.fund, name), demonstration=False)
    held = _ceremony("foundation of a home", persons, witnesses, place)
    folder, keys = open_desk()

    def action() -> Sequence[str]:
        establish(folder, keys, wish, entropy=secrets.token_bytes, at=utc_now())
        return [f"home of the fund {wish.fund.code} founded"]

    _hold(folder, keys, held, action)


@ceremony.command(
    name="cvca",
    short_help="Make a CVCA in a home that has none.",
    epilog="""\b
Example:
  cardservice pki ceremony cvca --person "Anna B." anna.pem --person "Ivan P." ivan.pem""",
)
@_attended
@reports_errors
def cvca_command(*, persons: Persons, witnesses: tuple[str, ...], place: str) -> None:
    """Do what `cardservice pki cvca create` does, and write down what was made."""
    held = _ceremony("foundation of the CVCA", persons, witnesses, place)
    folder, keys = open_issuer()
    _hold(folder, keys, held, lambda: create_authority(folder, keys, at=utc_now()))


@ceremony.command(
    name="rollover",
    short_help="Make the next CVCA and the link to it.",
    epilog="""\b
Example:
  cardservice pki ceremony rollover --person "Anna B." anna.pem --person "Ivan P." ivan.pem""",
)
@_attended
@reports_errors
def rollover_command(*, persons: Persons, witnesses: tuple[str, ...], place: str) -> None:
    """Do what `cardservice pki cvca rollover` does, and write down what was made."""
    held = _ceremony("rollover of the CVCA", persons, witnesses, place)
    folder, keys = open_issuer()
    _hold(folder, keys, held, lambda: roll_over(folder, keys, at=utc_now()))


@ceremony.command(
    name="root",
    short_help="Make the next root and the link to it.",
    epilog="""\b
Example:
  cardservice pki ceremony root --person "Anna B." anna.pem --person "Ivan P." ivan.pem""",
)
@_attended
@reports_errors
def root_command(*, persons: Persons, witnesses: tuple[str, ...], place: str) -> None:
    """Do what `cardservice pki root rollover` does, and write down what was made."""
    held = _ceremony("rollover of the root", persons, witnesses, place)
    folder, keys = open_issuer()
    _hold(
        folder,
        keys,
        held,
        lambda: roll_root_over(folder, keys, entropy=secrets.token_bytes, at=utc_now()),
    )


@ceremony.command(
    short_help="Sign a transcript with your own key.",
    epilog="""\b
Examples:
  cardservice pki ceremony sign --as "Anna B." --key anna.key
  openssl dgst -sha256 -sign ivan.key -out ivan.sig transcript.json
  cardservice pki ceremony sign --as "Ivan P." --signature ivan.sig""",
)
@click.option("--as", "name", required=True, metavar="NAME", help="Which of the two you are.")
@click.option("--key", type=FILE, help="Your private key, PEM, ECDSA on P-256.")
@click.option("--signature", type=FILE, help="Or a signature that was made elsewhere.")
@click.option("--ceremony", "which", metavar="ID", help="Which one; default: the last.")
@reports_errors
def sign(name: str, key: Path | None, signature: Path | None, which: str | None) -> None:
    """Add your signature to the transcript of a ceremony at which you were."""
    if (key is None) is (signature is None):
        raise UsageError("give --key or --signature")
    place = find(Folder(load_settings().home).require(), which)
    if key is not None:
        put = sign_with_key(place, name, read_bounded(key), ask_passphrase)
    else:
        put = add_signature(place, name, read_bounded(signature) if signature else b"")
    click.echo(f"Signed: {put}")


@ceremony.command(
    name="check",
    short_help="Check a transcript and its two signatures.",
    epilog="""\b
Example:
  cardservice pki ceremony check --json""",
)
@click.argument("which", metavar="[ID]", required=False)
@as_json_option
@reports_errors
def check_command(which: str | None, *, as_json: bool) -> None:
    """Say who signed the transcript, who is missing, and whether anything speaks against it.

    ID is the name of the ceremony's folder; without it the last one is checked. Exit status 1
    means that it is not complete.
    """
    folder = Folder(load_settings().home).require()
    place = find(folder, which)
    found = check(folder, place)
    if as_json:
        click.echo(json.dumps(_found(place, found), ensure_ascii=False))
    else:
        _print(place, found)
    if not found.is_complete:
        raise SystemExit(Exit.NOT_ALL_GOOD)


def _ceremony(title: str, persons: Persons, witnesses: tuple[str, ...], place: str) -> Ceremony:
    named = require_two([read_person(name, read_bounded(pem)) for name, pem in persons])
    return Ceremony(title=title, persons=named, witnesses=witnesses, place=place)


def _hold(
    folder: Folder, keys: SoftwareKeyStore, held: Ceremony, action: Callable[[], Sequence[str]]
) -> None:
    place = hold(folder, keys, held, action, clock=utc_now)
    click.echo((place / TEXT).read_text(encoding="utf-8"))
    click.echo(f"Print {place / TEXT}; then each of the two: cardservice pki ceremony sign")


def _found(place: Path, found: CeremonyCheck) -> dict[str, Any]:
    return {
        "ceremony": place.name,
        "title": found.title,
        "complete": found.is_complete,
        "sha256": found.digest,
        "signed": list(found.signed),
        "missing": list(found.missing),
        "faults": list(found.faults),
    }


def _print(place: Path, found: CeremonyCheck) -> None:
    click.echo(f"{place.name}: {found.title}")
    click.echo(f"SHA-256 of the transcript: {group_digits(found.digest)}")
    for name in found.signed:
        click.echo(f"✔ signed by {name}")
    for name in found.missing:
        click.echo(f'? {name} did not sign: cardservice pki ceremony sign --as "{name}" --key FILE')
    for fault in found.faults:
        click.echo(f"✘ {fault}")
