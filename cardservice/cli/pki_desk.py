"""``cardservice pki desk``: a clinic's desk is enrolled, renewed, ended."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import click

from cardservice.cli.exit_codes import reports_errors
from cardservice.cli.options import as_json_option
from cardservice.cli.pki_stores import (
    FILE,
    as_option,
    open_desk,
    open_issuer,
    out_option,
    read_bounded,
    right_option,
    rights_of,
    who,
)
from cardservice.errors import Refusal
from cardservice.home.clinics_locking import TERMINALS, alone
from cardservice.home.enrolment import DeskFolder, install, request_enrolment, request_renewal
from cardservice.home.enrolment_files import (
    DeskRequest,
    DeskWish,
    group_digits,
    name_rights,
    parse_request,
)
from cardservice.home.folder import Folder, write_atomically
from cardservice.home.issuer import utc_now
from cardservice.home.terminals import Decision, Enrolled, end_desk, enrol, read_request
from cardservice.home.terminals_register import Desk, DeskRegister, Ground
from cardservice.home.trust_points import TerminalFolder
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.pki.cv.issuing import TERMINAL_DAYS
from cardservice.pki.cv.terms import TerminalRights
from cardservice.settings import load_settings


@click.group()
def desk() -> None:
    """A clinic's desk: enrol it, keep it enrolled, end it."""


@desk.command(
    short_help="At a desk: make its key and a request.",
    epilog="""\b
Example:
  cardservice pki desk request --name "Reception 1" --clinic "Clinic 4" --out desk.json""",
)
@click.option("--name", required=True, help="The desk's name at its clinic.")
@click.option("--clinic", required=True, help="The clinic's name.")
@right_option
@out_option
@reports_errors
def request(name: str, clinic: str, rights: tuple[str, ...], out: Path | None) -> None:
    """Make the desk's key, which never leaves this home, and a request for the issuer.

    Send the file; read its fingerprint out to the issuer over another way.
    """
    wish = DeskWish(
        desk=name, clinic=clinic, rights=rights_of(rights) or TerminalRights.READ_POLICY
    )
    folder, keys = open_desk()
    _hand_out(folder, request_enrolment(folder, keys, wish), out)


@desk.command(
    short_help="At a desk: make its next key and a request.",
    epilog="""\b
Example (every few days):
  cardservice pki desk renew --out reception-1.json""",
)
@out_option
@reports_errors
def renew(out: Path | None) -> None:
    """Make the next key of an enrolled desk; the present one vouches for the request."""
    folder, keys = open_desk()
    _hand_out(folder, request_renewal(folder, keys), out)


@desk.command(
    name="enrol",
    short_help="At the issuer: certify a desk.",
    epilog="""\b
Examples:
  cardservice pki desk enrol reception-1.json
  cardservice pki desk enrol reception-1.json --fingerprint "3f09 41c2 …" --right read-history""",
)
@click.argument("request_file", metavar="REQUEST", type=FILE)
@click.option("--fingerprint", metavar="TEXT", help="As the clinic read it out.")
@right_option
@click.option("--days", default=TERMINAL_DAYS, show_default=True, help="Validity, 7 at most.")
@as_option
@out_option
@as_json_option
@reports_errors
def enrol_command(  # noqa: PLR0913 - one argument an option
    request_file: Path,
    *,
    fingerprint: str | None,
    rights: tuple[str, ...],
    days: int,
    by: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Certify the desk that sent REQUEST, and write the bundle it installs.

    A desk's first request is taken when its fingerprint was compared: without --fingerprint you
    are asked. A renewal is vouched for by the desk's present certificate while that lasts. Rights
    are those that the desk asks for and you allow; a renewal keeps what the desk has.
    """
    decision = Decision(by=who(by), fingerprint=fingerprint, rights=rights_of(rights), days=days)
    asked = read_request(read_bounded(request_file))
    folder, keys = open_issuer()
    enrolled = _enrol(folder, keys, asked, decision)
    place = out or request_file.with_name(f"{request_file.stem}.bundle.json")
    write_atomically(place, enrolled.bundle.encode())
    if as_json:
        click.echo(json.dumps({**_desk(enrolled.desk), "bundle": str(place)}, ensure_ascii=False))
        return
    known = enrolled.desk
    click.echo(f"{known.name}, {known.clinic}: certified to {known.until} as {known.holder}.")
    click.echo(f"Rights: {', '.join(name_rights(known.rights))}.")
    click.echo(f"Send it: {place}; at the desk: cardservice pki desk install {place.name}")


@desk.command(
    name="install",
    short_help="At a desk: take the issuer's bundle.",
    epilog="""\b
Example:
  cardservice pki desk install reception-1.bundle.json""",
)
@click.argument("bundle_file", metavar="BUNDLE", type=FILE)
@reports_errors
def install_command(bundle_file: Path) -> None:
    """Take the bundle that the issuer sent for this desk's key."""
    folder, keys = open_desk()
    bundle = install(folder, keys, read_bounded(bundle_file), at=utc_now())
    ends = bundle.terminal.expiration
    click.echo(f"{bundle.wish.desk} is enrolled to {ends}.")
    click.echo(f"Rights: {', '.join(name_rights(bundle.wish.rights))}.")


@desk.command(
    short_help="At the issuer: end a desk's enrolment.",
    epilog="""\b
Example:
  cardservice pki desk end "Reception 1" --reason "the clinic left the register" """,
)
@click.argument("name", metavar="DESK")
@click.option("--reason", required=True, help="Why, for the register.")
@as_option
@reports_errors
def end(name: str, reason: str, by: str | None) -> None:
    """End the enrolment of DESK, a name or the references that `list` shows.

    It gets no new certificate. The one it has runs out within a week; cards keep no list of
    certificates that were withdrawn.
    """
    folder = Folder(load_settings().home).require()
    with alone(folder.path / TERMINALS):
        ended = end_desk(folder, name, Ground(by=who(by), at=utc_now(), reason=reason))
    click.echo(f"{ended.name}, {ended.clinic}: ended. It reads cards to {ended.until} at most.")


@desk.command(
    name="list",
    short_help="At the issuer: list the desks.",
    epilog="""\b
Example:
  cardservice pki desk list --json""",
)
@click.option("--all", "everything", is_flag=True, help="Those whose enrolment was ended, too.")
@as_json_option
@reports_errors
def list_command(*, everything: bool, as_json: bool) -> None:
    """List the enrolled desks, and to what day each is certified."""
    folder = Folder(load_settings().home).require()
    register = DeskRegister(TerminalFolder(folder.path).desks)
    desks = [one for one in register.desks() if everything or one.ended is None]
    if as_json:
        click.echo(json.dumps({"desks": [_desk(one) for one in desks]}, ensure_ascii=False))
        return
    for one in desks:
        state = f"to {one.until}" if one.ended is None else f"ended {one.ended.date()}"
        rights = ", ".join(name_rights(one.rights))
        click.echo(f"{one.holder}  {state}  {one.name}, {one.clinic} ({rights})")
    if not desks:
        click.echo("No desk is enrolled; begin at a desk with: cardservice pki desk request")


def _enrol(
    folder: Folder, keys: SoftwareKeyStore, asked: DeskRequest, decision: Decision
) -> Enrolled:
    """Certify; ask the person at the terminal, where nobody else vouches for the request."""
    turn = folder.path / TERMINALS  # not held while a person is asked: others renew meanwhile
    try:
        with alone(turn):
            return enrol(folder, keys, asked, decision, at=utc_now())
    except Refusal as refusal:
        may_ask = decision.fingerprint is None and _sits_there()
        if refusal.code != "desk-unconfirmed" or not may_ask:
            raise
        click.echo(refusal.sentence, err=True)
        click.confirm("Is it", abort=True, err=True)
    confirmed = replace(decision, fingerprint=asked.fingerprint)
    with alone(turn):
        return enrol(folder, keys, asked, confirmed, at=utc_now())


def _sits_there() -> bool:
    return sys.stdin.isatty()


def _hand_out(folder: Folder, octets: bytes, out: Path | None) -> None:
    place = out or DeskFolder(folder.path).request
    if out is not None:
        write_atomically(out, octets)
    click.echo(f"Send it to the issuer: {place}")
    click.echo(f"Fingerprint: {group_digits(parse_request(octets).fingerprint)}")


def _desk(known: Desk) -> dict[str, object]:
    return {
        "name": known.name,
        "clinic": known.clinic,
        "holder": known.holder,
        "sequence": known.sequence,
        "rights": name_rights(known.rights),
        "enrolled": known.enrolled.isoformat(),
        "until": known.until.isoformat(),
        "ended": None if known.ended is None else known.ended.isoformat(),
    }
