"""``cardservice station run``: cards all day, on every reader, until somebody says stop."""

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Final

import click

from cardservice.cli.console import new_console
from cardservice.cli.exit_codes import Exit, line_for, reports_errors
from cardservice.cli.options import TABLE
from cardservice.cli.passphrase import ask_passphrase
from cardservice.cli.rows import say_refused
from cardservice.domain.rows import Refused
from cardservice.errors import CardServiceError, UsageError
from cardservice.home.station import (
    LaneWish,
    StationWish,
    check_station,
    lane_wishes,
    opened_floor,
)
from cardservice.home.station_checks import all_readers, new_clock_guard
from cardservice.home.station_demonstration import demonstration_station
from cardservice.home.station_keys import StationSecrets, ask_secrets
from cardservice.home.station_report import JournalShiftReports, open_shift_reports
from cardservice.personalization.floor import Floor
from cardservice.personalization.self_check import Health, can_begin
from cardservice.serving.listening import web_settings
from cardservice.serving.logs import service_logs
from cardservice.serving.station_terminal import shown
from cardservice.settings import Settings, load_settings
from cardservice.texts.languages import Language
from cardservice.web.station.app import create_station_app
from cardservice.web.station.serve import served_station

LOOK_S: Final = 0.2  # how soon a signal is acted on
MOST_LANES: Final = 16

_ASK: Final = "Every blank in these readers and feeders will be written to. Begin?"


@dataclass(slots=True, kw_only=True)
class Run:
    """One run as the command line and the settings describe it.

    Attributes:
        readers: looked at before the first card.
        clock_is_right: a person compared it, and the journal's was wrong.
        refused_rows: rows of the table that cannot be made, so far.
    """

    settings: Settings
    wish: StationWish
    secrets: StationSecrets = field(repr=False)
    readers: Sequence[str]
    clock_is_right: bool = False
    refused_rows: int = 0

    def refused(self, row: Refused) -> None:
        """Tell of a row and count it."""
        self.refused_rows += 1
        say_refused(row)


@click.command(
    epilog="""\b
Examples:
  cardservice station run --demo
  cardservice station run --holders table.csv --reader "pcsc:ACR39U"
  cardservice station run --reader pcsc:A --feeder tcp:127.0.0.1:7000 --count 500"""
)
@click.option("--holders", type=TABLE, help="Table of holders, CSV; without it: the office.")
@click.option(
    "--reader",
    "readers",
    multiple=True,
    metavar="URL",
    help="Reader of a lane; repeat it for more.  [default: all PC/SC readers]",
)
@click.option(
    "--feeder", "feeders", multiple=True, metavar="URL", help="Machine beside the reader, in turn."
)
@click.option("--lanes", type=click.IntRange(1, MOST_LANES), help="Use only so many readers.")
@click.option("--count", type=click.IntRange(min=1), help="Stop after so many cards.")
@click.option("--demo", is_flag=True, help="Simulated readers and people, nothing is kept.")
@click.option("--no-page", is_flag=True, help="No page for the operator's browser.")
@click.option("--yes", is_flag=True, help="Do not ask before cards are written.")
@click.option(
    "--clock-is-right", is_flag=True, help="You compared the clock; the journal's was wrong."
)
@reports_errors
def run(  # noqa: PLR0913 - one parameter an option
    holders: Path | None,
    readers: tuple[str, ...],
    feeders: tuple[str, ...],
    lanes: int | None,
    count: int | None,
    *,
    demo: bool,
    no_page: bool,
    yes: bool,
    clock_is_right: bool,
) -> None:
    """Make cards on all readers, from the office's orders or a table.

    Everything is looked at first. Ctrl-C, or q: take no more orders and end when the cards in
    hand are done; Ctrl-C again: wait for no card that was to be put back.

    Exit status 1 means that rows or orders were refused, or cards spoiled.
    """
    settings = load_settings()
    with ExitStack() as stack:
        stack.enter_context(service_logs(settings))
        if demo:
            if holders is not None or readers or feeders:
                raise UsageError("--demo has readers and holders of its own; leave them out")
            chosen = _demonstration(settings, lanes, count, stack)
        else:
            chosen = _real(settings, lane_wishes(readers or all_readers(), feeders, lanes=lanes))
            chosen.wish = replace(chosen.wish, holders=holders, count=count)
            chosen.clock_is_right = clock_is_right
            _ask_first(yes=yes)
        raise SystemExit(_run(chosen, page=not no_page))


def _demonstration(
    settings: Settings, lanes: int | None, count: int | None, stack: ExitStack
) -> Run:
    made = stack.enter_context(demonstration_station(settings, lanes=lanes))
    wish = StationWish(lanes=made.lanes, holders=made.holders, count=count)
    # The simulated readers are each lane's own; nobody else may open them before.
    return Run(settings=made.settings, wish=wish, secrets=made.secrets, readers=())


def _real(settings: Settings, lanes: Sequence[LaneWish]) -> Run:
    prompt = ask_passphrase if sys.stdin.isatty() else None
    return Run(
        settings=settings,
        wish=StationWish(lanes=lanes),
        secrets=ask_secrets(settings, prompt=prompt),
        readers=[one.reader for one in lanes],
    )


def _ask_first(*, yes: bool) -> None:
    if not yes and not click.confirm(_ASK, err=True):
        raise SystemExit(Exit.NOT_ALL_GOOD)


def _run(run: Run, *, page: bool) -> Exit:
    guard = new_clock_guard()
    results = check_station(
        run.settings, run.readers, run.secrets, guard, clock_is_right=run.clock_is_right
    )
    for one in results:
        if one.health is not Health.OK:
            click.echo(f"{one.name}: {one.sentence} [{one.code}] {one.remedy}".rstrip(), err=True)
    if not can_begin(results):
        click.echo("More: cardservice station check", err=True)
        return Exit.HOME
    wish = replace(run.wish, say_refused=run.refused)
    with ExitStack() as stack:
        floor = stack.enter_context(opened_floor(run.settings, wish, run.secrets, guard))
        if page:
            _show_page(floor, run.settings, stack)
        _work(floor, run.settings)
    return _result(floor, run.refused_rows)


def _show_page(floor: Floor, settings: Settings, stack: ExitStack) -> None:
    app = create_station_app(floor, settings=web_settings(settings), reports=_reports(settings))
    try:
        address = stack.enter_context(served_station(app, port=settings.station_port))
    except OSError as error:
        raise UsageError(
            f"the page cannot have port {settings.station_port} ({error.strerror}); "
            "set station_port to another, or use --no-page"
        ) from error
    click.echo(f"The station: {address}", err=True)


def _reports(settings: Settings) -> JournalShiftReports | None:
    """Return who makes the shift report; None where there is no font to print one with."""
    try:
        return open_shift_reports(settings)
    except CardServiceError as error:
        click.echo(f"no shift report on the page: {line_for(error)}", err=True)
        return None


def _work(floor: Floor, settings: Settings) -> None:
    language, console = Language(settings.language), new_console()
    with _ended_by_signals(floor), shown(floor, language, console, sys.stdin):
        floor.start()
        while not floor.wait(LOOK_S):
            pass


@contextmanager
def _ended_by_signals(floor: Floor) -> Iterator[None]:
    """Let the first signal finish the station, and a second Ctrl-C wait for nobody."""
    presses = 0

    def asked(number: int, _: FrameType | None) -> None:
        nonlocal presses
        presses += number == signal.SIGINT
        _soon(floor.stop if presses > 1 else floor.finish)

    before = {one: signal.signal(one, asked) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _soon(action: Callable[[], None]) -> None:
    """Do it in a thread: a signal may come while this one has something locked."""
    Thread(target=action, daemon=True).start()


def _result(floor: Floor, refused_rows: int) -> Exit:
    counts, view = floor.counts, floor.view
    for order_id, code in floor.supply.refused.items():
        click.echo(f"{order_id}: {code}", err=True)
    for one in floor.telling.refused:
        click.echo(f"{one.outcome.order_id}: not taken: {one.code}: {one.sentence}", err=True)
    refused = refused_rows + len(floor.supply.refused) + len(floor.telling.refused)
    click.echo(
        f"Made {view.made}, spoiled {view.spoiled}, refused {refused}, "
        f"given back {counts.given_back}, not told yet {view.untold}, "
        f"waiting for their card {counts.in_hand}",
        err=True,
    )
    return Exit.NOT_ALL_GOOD if refused or view.spoiled else Exit.OK
