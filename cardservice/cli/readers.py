"""``cardservice reader …``: which readers there are, and why one does not work."""

import json
from dataclasses import asdict

import click

from cardservice.cli.exit_codes import Exit, line_for, reports_errors, say_error
from cardservice.cli.options import as_json_option
from cardservice.errors import ReaderUnavailableError
from cardservice.transport.doctor import diagnose
from cardservice.transport.pcsc.entry import list_readers
from cardservice.transport.registry import list_schemes

DOCTOR = "cardservice reader doctor"


@click.group()
def reader() -> None:
    """Readers: list them, or find out why one does not work."""


@reader.command(
    name="list",
    short_help="List the PC/SC readers.",
    epilog="""\b
Example:
  cardservice reader list --json""",
)
@as_json_option
@reports_errors
def list_command(*, as_json: bool) -> None:
    """List the PC/SC readers, as --reader takes them.

    Exit status 4 means that PC/SC cannot be reached. Software cards (sim:FILE) need no reader.
    """
    readers: list[str] = []
    problem: ReaderUnavailableError | None = None
    try:
        readers = [f"pcsc:{name}" for name in list_readers()]
    except ReaderUnavailableError as error:
        problem = error
    if as_json:
        why = None if problem is None else line_for(problem)
        answer = {"readers": readers, "schemes": list_schemes(), "problem": why}
        click.echo(json.dumps(answer, ensure_ascii=False))
    elif problem is None:
        click.echo("\n".join(readers) or f"No PC/SC reader is connected; see: {DOCTOR}")
    if problem is not None:
        _give_up(problem, quiet=as_json)


def _give_up(problem: ReaderUnavailableError, *, quiet: bool) -> None:
    if not quiet:
        say_error(problem)
        click.echo(f"More: {DOCTOR}. Software cards (sim:FILE) need no reader.", err=True)
    raise SystemExit(Exit.READER)


@reader.command(
    short_help="Find out why a reader does not work.",
    epilog="""\b
Example:
  cardservice reader doctor""",
)
@as_json_option
@reports_errors
def doctor(*, as_json: bool) -> None:
    """Look at everything between this program and a card; say what to do where it is broken.

    Exit status 4 means that something is.
    """
    findings = diagnose()
    if as_json:
        click.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False))
    else:
        for one in findings:
            click.echo(f"{'✔' if one.ok else '✘'} {one.sentence}")
            if one.remedy:
                click.echo(f"  → {one.remedy}")
    if not all(one.ok for one in findings):
        raise SystemExit(Exit.READER)
