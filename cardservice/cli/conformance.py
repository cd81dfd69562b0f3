"""``cardsim conformance``: hold a card to its contract, case by case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from cardservice.cli.exit_codes import line_for
from cardservice.conformance.case import Case
from cardservice.conformance.known import Known, load_secrets
from cardservice.conformance.pack import CASES
from cardservice.conformance.presenting import Opening, Presentation
from cardservice.conformance.reports.json_form import as_json
from cardservice.conformance.reports.junit import junit
from cardservice.conformance.reports.lines import lines_of
from cardservice.conformance.reports.page import html_page
from cardservice.conformance.reports.writing import write_whole
from cardservice.conformance.results import Result, Summary, by_group, summary
from cardservice.conformance.run import Plan, Run
from cardservice.conformance.terms import Effect, Interface, Outcome
from cardservice.errors import CardServiceError, UsageError
from cardservice.policycard.profile import Profile
from cardservice.transport.registry import SEPARATOR, open_link

EXIT_IMPOSSIBLE: Final = 1
EXIT_NOT_ALL_HELD: Final = 3
SIMULATED: Final = "sim"
OUT: Final = click.Path(dir_okay=False, path_type=Path)

_PROFILES: Final = {profile.name.lower(): profile for profile in Profile}


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """Where the report goes, besides the screen."""

    html: Path | None
    junit: Path | None
    json: bool

    def write(self, results: list[Result], reader: str) -> None:
        """Write what was asked for.

        Raises:
            OSError: a file cannot be written.
        """
        if self.html is not None:
            write_whole(self.html, html_page(results, title=f"Conformance of the card in {reader}"))
        if self.junit is not None:
            write_whole(self.junit, junit(results))
        if self.json:
            click.echo(as_json(results))


@click.command(
    short_help="Hold a card to its contract, case by case.",
    epilog="""\b
Examples:
  cardsim conformance --reader sim: --destroy --yes --html report.html
  cardsim conformance --reader pcsc: --secrets card.json
  cardsim conformance --list --only 'PA-*'
Exit codes: 0 all cases held, 3 some did not, 1 not possible (the message says what to do).""",
)
@click.option("--reader", metavar="URL", help="Contact reader: pcsc:, pcsc:NAME, sim: or sim:FILE.")
@click.option("--contactless-reader", "on_air", metavar="URL", help="Contactless reader.")
@click.option(
    "--keep",
    "allowed",
    flag_value="keeps",
    default="keeps",
    help="Leave the card as it is (default).",
)
@click.option(
    "--personalize", "allowed", flag_value="writes", help="Make a test card of a blank one."
)
@click.option(
    "--destroy", "allowed", flag_value="destroys", help="As --personalize; terminate it at the end."
)
@click.option(
    "--profile",
    type=click.Choice(tuple(_PROFILES)),
    default="field",
    show_default=True,
    help="Of the card that is made.",
)
@click.option(
    "--secrets",
    type=OUT,
    metavar="FILE",
    help="CAN, PIN, PUK and masters of the card, JSON, mode 600.",
)
@click.option(
    "--only", multiple=True, metavar="PATTERN", help="Cases by number, as 'PA-*'; may be repeated."
)
@click.option("--stop-at-first", is_flag=True, help="End at the first failure.")
@click.option("--list", "listed", is_flag=True, help="List the cases and end.")
@click.option("--html", type=OUT, help="Write the report as one page.")
@click.option("--junit", "junit_file", type=OUT, help="Write the report as JUnit XML.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON object and nothing else.")
@click.option("--yes", is_flag=True, help="Do not ask before writing to a real card.")
def command(  # noqa: PLR0913 - the options of the command
    *,
    reader: str | None,
    on_air: str | None,
    allowed: str,
    profile: str,
    secrets: Path | None,
    only: tuple[str, ...],
    stop_at_first: bool,
    listed: bool,
    html: Path | None,
    junit_file: Path | None,
    json_: bool,
    yes: bool,
) -> None:
    """Hold a card to its contract, case by case; only octets pass between.

    Without more it only looks, and leaves the card as it is. Secrets come from a file alone.
    """
    plan = Plan(
        allowed=Effect[allowed.upper()],
        only=only,
        stop_at_first=stop_at_first,
        profile=_PROFILES[profile],
    )
    urls = _urls(reader, on_air)
    if listed:
        _list([case for case in CASES if plan.wants(case)])
        return
    documents = Documents(html=html, junit=junit_file, json=json_)
    try:
        results = _results(plan, urls, secrets, quiet=json_, yes=yes)
        documents.write(results, ", ".join(urls.values()))
    except (CardServiceError, OSError) as error:
        click.echo(f"cardsim conformance: {line_for(error)}", err=True)
        raise SystemExit(EXIT_IMPOSSIBLE) from None
    _end(summary(results), quiet=json_)


def _urls(reader: str | None, on_air: str | None) -> dict[Interface, str]:
    given = {Interface.CONTACT: reader, Interface.CONTACTLESS: on_air}
    return {interface: url for interface, url in given.items() if url is not None}


def _list(cases: list[Case]) -> None:
    for case in cases:
        click.echo(f"{case.number}  {case.title}  ({case.clause})")


def _results(
    plan: Plan, urls: Mapping[Interface, str], secrets: Path | None, *, quiet: bool, yes: bool
) -> list[Result]:
    if not urls:
        raise UsageError("which card? give --reader URL, e.g. --reader sim:")
    if not any(plan.wants(case) for case in CASES):
        raise UsageError("no case has such a number; see: cardsim conformance --list")
    known = Known() if secrets is None else load_secrets(secrets)
    if plan.allowed > Effect.KEEPS and not yes:
        _ask(urls)
    card = Presentation({one: _opening(url) for one, url in urls.items()}, _move(urls))
    screen = Screen(quiet=quiet)
    results = Run(CASES, plan, card, known, tell=screen.tell).go()
    screen.end(results)
    return results


def _opening(url: str) -> Opening:
    return lambda: open_link(url)


def _ask(urls: Mapping[Interface, str]) -> None:
    """Ask before anything is written to a card that is real."""
    for url in urls.values():
        if url.partition(SEPARATOR)[0] != SIMULATED:
            click.confirm(
                f"The BLANK card in {url} will be written. Go on?",
                abort=True,
                default=False,
                err=True,
            )
            return


def _move(urls: Mapping[Interface, str]) -> Callable[[Interface], None]:
    def ask(interface: Interface) -> None:
        url = urls[interface]
        if url.partition(SEPARATOR)[0] != SIMULATED:
            click.prompt(
                f"Move the card to {url} and press Enter",
                default="",
                show_default=False,
                prompt_suffix=" ",
                err=True,
            )

    return ask


class Screen:
    """Shows failures as they come, in full, and a line a group at the end."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._place = ""

    def tell(self, result: Result) -> None:
        """Show where the run has come, and each failure."""
        if self._quiet:
            return
        place = f"{result.case.group.value}: {result.interface}, {result.stage}"
        if result.outcome is not Outcome.NOT_RUN and place != self._place:
            self._place = place
            click.echo(f"· {place}", err=True)
        if result.outcome is Outcome.FAILED:
            self._show(result)

    @staticmethod
    def _show(result: Result) -> None:
        click.echo(f"✘ {result.name} {result.case.title}\n  {result.case.clause}: {result.why}")
        for line in lines_of(result):
            click.echo(f"    {line}")

    def end(self, results: list[Result]) -> None:
        """Show the groups, and why cases were not run."""
        if self._quiet:
            return
        for group, of in by_group(results).items():
            click.echo(f"{group.name} {group.value}: {_counted(summary(of))}")
        reasons = [result.why for result in results if result.outcome is Outcome.NOT_RUN]
        for why in sorted(set(reasons)):
            click.echo(f"  not run: {why} ({reasons.count(why)})")


def _counted(counts: Summary) -> str:
    return f"{counts.held} held, {counts.failed} failed, {counts.not_run} not run"


def _end(counts: Summary, *, quiet: bool) -> None:
    if not quiet:
        click.echo(_counted(counts))
    if not counts.all_held:
        raise SystemExit(EXIT_NOT_ALL_HELD if counts.failed else EXIT_IMPOSSIBLE)
