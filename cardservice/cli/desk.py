"""``cardservice desk``: a clinic's desk at a service: enrolled, at work, how it stands, gone."""

import json
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import click

from cardservice.cli.exit_codes import Exit, line_for, reports_errors
from cardservice.cli.lazy import LazyCommand, LazyGroup
from cardservice.cli.options import as_json_option
from cardservice.cli.passphrase import ask_new_passphrase, ask_passphrase
from cardservice.desk.freshness import Topic
from cardservice.desklink.link import ServiceLink
from cardservice.desklink.open_calls import OpenCalls
from cardservice.errors import CardServiceError, Refusal, SourceUnavailableError, UsageError
from cardservice.home.desk import (
    DeskEnrolment,
    alone_at,
    desk_home,
    is_at_work,
    leave,
    require_enrolled,
    require_free,
)
from cardservice.home.desk_at_work import DeskAtWork, desk_at_work
from cardservice.home.desk_enrolling import CodeGiven, enrol_desk
from cardservice.home.desk_keys import desk_keys, has_keys, remove_desk_keys
from cardservice.home.desk_overview import DeskOverview, overview_of
from cardservice.home.desk_refresh import DeskRefresher, code_of
from cardservice.home.desk_service import service_terms
from cardservice.home.desk_time import monotonic
from cardservice.home.enrolment import DESK_KEY
from cardservice.home.enrolment_files import DeskWish, name_rights
from cardservice.home.folder import Folder
from cardservice.pki.keys import KeyStoreError
from cardservice.settings import Settings, load_settings
from cardservice.texts.desk_agent import DESK_TROUBLES, trouble_phrase

_SUBCOMMANDS: Final[Mapping[str, LazyCommand]] = {
    "enrol": LazyCommand(__name__, "enrol_command", "Enrol this desk with a code."),
    "run": LazyCommand(
        "cardservice.serving.desk_agent_command", "run_command", "Show verdicts; keep fresh."
    ),
    "status": LazyCommand(__name__, "status_command", "How this desk stands."),
    "refresh": LazyCommand(__name__, "refresh_command", "Fetch everything once, now."),
    "leave": LazyCommand(__name__, "leave_command", "Forget the enrolment."),
    "pairing": LazyCommand(
        "cardservice.cli.desk_pairing", "pairing", "Clinic systems that may ask this desk."
    ),
}


@click.command(cls=LazyGroup, table=_SUBCOMMANDS)
def desk() -> None:
    """A clinic's desk, enrolled at a service: cards, the page, and what it knows offline."""


@click.command(
    name="enrol",
    epilog="""\b
Examples:
  cardservice desk enrol --service https://clinics.example.org
  cardservice desk enrol 7Q3K-9XWD-2M5T --service https://clinics.example.org""",
)
@click.argument("code", metavar="[CODE]", required=False)
@click.option("--service", metavar="URL", help="Address of the service; default: the setting.")
@click.option("--yes", is_flag=True, help="Do not ask whether clinic and desk are right.")
@reports_errors
def enrol_command(code: str | None, service: str | None, *, yes: bool) -> None:
    """Enrol this desk with the CODE that the service's office gave your clinic.

    Without CODE it is asked for, and others on this machine do not see it in a list of processes.
    Shows the clinic and the desk that the code is for, and asks. Keys are made here and stay
    here. If the answer was lost, give the same code again.
    """
    settings = load_settings(desk_service=service)
    if settings.desk_service is None:
        raise UsageError("say which service: --service URL, or the setting desk_service")
    home = desk_home(settings)
    require_free(home)
    terms = service_terms(settings, settings.desk_service)
    code = code or click.prompt("Code", err=True)
    # A module's PIN is there already; a folder's first passphrase is typed twice.
    known = settings.hsm_module is not None or has_keys(Folder(settings.home))
    prompt = ask_passphrase if known else ask_new_passphrase
    with (
        alone_at(home),
        desk_keys(settings, prompt=prompt) as keys,
        ServiceLink(terms) as link,
        _said_with_remedy(),
    ):
        enrolment = enrol_desk(
            home,
            keys,
            OpenCalls(link, entropy=secrets.token_bytes, monotonic=monotonic),
            CodeGiven(service=terms.root, code=code),
            confirm=_show if yes else _ask,
            production=settings.production,
        )
    click.echo(f"Enrolled: {enrolment.desk}, {enrolment.clinic}. Start it: cardservice desk run")


@click.command(
    name="status",
    epilog="""\b
Example:
  cardservice desk status --json""",
)
@as_json_option
@reports_errors
def status_command(*, as_json: bool) -> None:
    """Say where this desk is enrolled, how old what it knows is, and what it has yet to report.

    Looks at this machine's files alone. Exit status 1: the certificate is over, or a file that
    is needed is missing.
    """
    settings = load_settings()
    home = desk_home(settings)
    enrolment = require_enrolled(home)
    overview = overview_of(home, enrolment, production=settings.production)
    said = _status(enrolment, overview, running=is_at_work(home))
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        _say_status(enrolment, overview, running=is_at_work(home))
    if not overview.is_good:
        raise SystemExit(Exit.NOT_ALL_GOOD)


@click.command(
    name="refresh",
    epilog="""\b
Example:
  cardservice desk refresh""",
)
@reports_errors
def refresh_command() -> None:
    """Fetch time, trust and lists, renew the certificate if it is due, report what waits.

    A desk that runs does this by itself every half hour; then this command is refused.
    """
    settings = load_settings()
    with (
        desk_keys(settings, prompt=ask_passphrase) as keys,
        desk_at_work(settings, keys) as at_work,
    ):
        faults = _refresh(at_work)
    for fault in faults:
        click.echo(f"cardservice: {fault}", err=True)
    if faults:
        raise SystemExit(Exit.NOT_ALL_GOOD)


@click.command(
    name="leave",
    epilog="""\b
Example:
  cardservice desk leave""",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@reports_errors
def leave_command(*, yes: bool) -> None:
    """Forget where this desk is enrolled, its certificate, keys, lists, and reports not sent.

    The service is not told: let its office end the desk, too.
    """
    settings = load_settings()
    home = desk_home(settings)
    enrolment = require_enrolled(home)
    with alone_at(home):
        waiting = overview_of(home, enrolment, production=False).waiting
        if waiting:
            click.echo(f"{waiting} presentations were not reported; they would be lost.", err=True)
        if not yes:
            click.confirm(f"Leave {enrolment.service} as {enrolment.desk}", abort=True, err=True)
        leave(home)
        _remove_keys(settings, enrolment)
    click.echo(f"{enrolment.desk} is enrolled nowhere now. Have it ended at the service, too.")


def _remove_keys(settings: Settings, enrolment: DeskEnrolment) -> None:
    try:
        with desk_keys(settings, prompt=ask_passphrase) as keys:
            gone = remove_desk_keys(keys)
    except (KeyStoreError, UsageError) as error:
        _say_keys_stay(enrolment, line_for(error))
        return
    if enrolment.key not in gone:
        _say_keys_stay(enrolment, "another desk's are there, too, or none of this one's.")


def _say_keys_stay(enrolment: DeskEnrolment, why: str) -> None:
    click.echo(f"note: its keys stay, and prove nothing any more: {why}", err=True)
    called = f"{enrolment.key} and {DESK_KEY}NNNNN"
    click.echo(f"They are called {called}; remove them with the module's own tool.", err=True)


def _refresh(at_work: DeskAtWork) -> list[str]:
    """Do every step; return what is said of those that failed."""
    refresher = DeskRefresher(at_work)
    faults = [
        fault
        for topic in Topic
        if (fault := _tried(topic.value, lambda topic=topic: refresher.fetch(topic))) is not None
    ]
    steps = {"certificate": lambda: _renew(refresher), "reports": lambda: _report(refresher)}
    faults += [fault for name, one in steps.items() if (fault := _tried(name, one)) is not None]
    return faults


def _tried(name: str, step: Any) -> str | None:
    try:
        said = step()
    except CardServiceError as error:
        code, line = code_of(error), line_for(error)
        more = "" if line == trouble_phrase(code).sentence else f" {line}"
        return f"{name}: {_code_and_remedy(code)}{more}"
    click.echo(f"{name}: {said or 'fresh'}")
    return None


def _code_and_remedy(code: str) -> str:
    known = trouble_phrase(code)
    return f"{code}: {known.sentence} {known.remedy or ''}".rstrip()


@contextmanager
def _said_with_remedy() -> Iterator[None]:
    """Let a service that does not answer, or refuses, be said by its code, and what to do."""
    try:
        yield
    except Refusal as refusal:
        if refusal.code not in DESK_TROUBLES:
            raise
        raise Refusal(refusal.code, _code_and_remedy(refusal.code)) from None
    except SourceUnavailableError as error:
        sentence = f"{_code_and_remedy(error.code)} {line_for(error)}"
        raise SourceUnavailableError(error.code, sentence) from None


def _renew(refresher: DeskRefresher) -> str:
    if not refresher.renewal_is_due():
        return f"{refresher.certificate_days()} days left"
    return f"renewed to {refresher.renew().terminal.expiration}"


def _report(refresher: DeskRefresher) -> str:
    done = refresher.report()
    refused = f", refused for good {done.refused}" if done.refused else ""
    return f"reported {done.taken}{refused}"


def _show(wish: DeskWish) -> None:
    click.echo(f"Clinic: {wish.clinic}")
    click.echo(f"Desk:   {wish.desk}")
    click.echo(f"Rights: {', '.join(name_rights(wish.rights))}")


def _ask(wish: DeskWish) -> None:
    _show(wish)
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to say whether this is right; give --yes")
    click.confirm("Is this the desk you are at", abort=True, err=True)


def _status(enrolment: DeskEnrolment, overview: DeskOverview, *, running: bool) -> dict[str, Any]:
    return {
        "service": enrolment.service,
        "clinic": enrolment.clinic,
        "desk": enrolment.desk,
        "region": enrolment.region,
        "running": running,
        "certificate_until": None if overview.until is None else overview.until.isoformat(),
        "time": overview.grade.value,
        "proved_at": None if overview.proved_at is None else overview.proved_at.isoformat(),
        "trust_issued": None if overview.trust is None else overview.trust.isoformat(),
        "lists": {str(number): one and one.isoformat() for number, one in overview.lists.items()},
        "waiting": overview.waiting,
        "troubles": list(overview.troubles),
    }


def _say_status(enrolment: DeskEnrolment, overview: DeskOverview, *, running: bool) -> None:
    click.echo(f"{enrolment.desk}, {enrolment.clinic} (region {enrolment.region})")
    click.echo(f"Service:      {enrolment.service}")
    click.echo(f"At work:      {'yes' if running else 'no; start it: cardservice desk run'}")
    click.echo(f"Certificate:  {'none' if overview.until is None else f'to {overview.until}'}")
    proved = overview.proved_at
    click.echo(f"Time proved:  {'never' if proved is None else f'{proved:%Y-%m-%d %H:%M} UTC'}")
    for number, issued in overview.lists.items():
        said = "missing" if issued is None else f"of {issued:%Y-%m-%d %H:%M} UTC"
        click.echo(f"Status list:  {number} {said}")
    click.echo(f"Not reported: {overview.waiting}")
    for code in overview.troubles:
        click.echo(f"Trouble:      {_code_and_remedy(code)}")
