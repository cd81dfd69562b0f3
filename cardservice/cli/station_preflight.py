"""``cardservice station preflight``: a whole table tried before the first plastic."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text
from typing_extensions import override

from cardservice.cli.exit_codes import Exit, reports_errors
from cardservice.cli.options import TABLE, as_json_option
from cardservice.cli.wording import Say, sayer
from cardservice.home.station_preflight import Preflight, count_rows, make_preflight
from cardservice.home.station_preflight_report import FaultReport, write_report
from cardservice.personalization.preflight import Fault, Tried
from cardservice.settings import load_settings
from cardservice.texts.languages import Language

_MOST_WORKERS: Final = 256  # more processes than any machine of a station has cores
_TENTHS: Final = 1
_FOLDER: Final = click.Path(exists=True, file_okay=False, readable=True, path_type=Path)
_FILE: Final = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command(
    epilog="""\b
Examples:
  cardservice station preflight --holders table.csv
  cardservice station preflight --holders table.csv --photos photos --report refused.csv"""
)
@click.option("--holders", required=True, type=TABLE, help="Table of holders, CSV in UTF-8.")
@click.option(
    "--photos",
    type=_FOLDER,
    help="Folder of the photos: 2.jpg is that of row 2, the first below the line of names.",
)
@click.option("--report", type=_FILE, help="File for the refused rows, CSV.")
@click.option(
    "--workers",
    type=click.IntRange(1, _MOST_WORKERS),
    help="Processes that try rows at the same time; one a core unless set.",
)
@as_json_option
@reports_errors
def preflight(
    holders: Path, photos: Path | None, report: Path | None, workers: int | None, *, as_json: bool
) -> None:
    """Try a whole table without plastic: every row becomes a software card.

    Each row is judged, encoded, sized against the card, signed with a test key, written to a
    blank software card and read back as a clinic reads it; every field must come back. No key
    of the home and no card is touched. A refused row makes the exit status 1.
    """
    settings = load_settings()
    flight = make_preflight(settings, photos=photos, processes=workers)
    say = sayer(Language(settings.language))
    teller: _Text | _Json = _Json() if as_json else _Text(say)
    with ExitStack() as stack:
        lines = None if report is None else stack.enter_context(write_report(report))
        counts = _run(flight, holders, teller, lines)
    teller.end(counts)
    if counts.refused:
        raise SystemExit(Exit.NOT_ALL_GOOD)


@dataclass(slots=True)
class _Counts:
    """Rows so far; ``began`` on the monotonic clock."""

    rows: int = 0
    refused: int = 0
    began: float = field(default_factory=time.monotonic)

    def add(self, tried: Tried) -> None:
        self.rows += 1
        self.refused += not tried.good

    @property
    def seconds(self) -> float:
        return round(time.monotonic() - self.began, _TENTHS)

    @property
    def rate(self) -> int:
        return round(self.rows / max(time.monotonic() - self.began, sys.float_info.epsilon))


def _run(
    flight: Preflight, holders: Path, teller: "_Text | _Json", report: FaultReport | None
) -> _Counts:
    counts = _Counts()
    with _progress(count_rows(holders)) as step, closing(flight.try_table(holders)) as results:
        for tried in results:
            counts.add(tried)
            teller.tell(tried)
            if report is not None:
                report.add(tried)
            step()
    return counts


class _Text:
    """One line a fault on standard output, notes on the other, the counts at the end."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def tell(self, tried: Tried) -> None:
        for note in tried.notes:
            click.echo(f"row {tried.row}: note: {note}", err=True)
        for fault in tried.faults:
            where = "" if fault.field is None else f", {fault.field}"
            click.echo(f"row {tried.row}{where}: {fault.code}: {fault.sentence}")

    def end(self, counts: _Counts) -> None:
        text = self._say("{rows} rows tried, {refused} refused; {seconds} s, {rate} rows a second")
        click.echo(
            text.format(
                rows=counts.rows,
                refused=counts.refused,
                seconds=counts.seconds,
                rate=counts.rate,
            )
        )


class _Json:
    """One JSON object, written as the rows come: a batch may be longer than the memory."""

    def __init__(self) -> None:
        self._separator = '{"faults": ['

    def tell(self, tried: Tried) -> None:
        for fault in tried.faults:
            self._put(json.dumps(_members(tried.row, fault), ensure_ascii=False))

    def _put(self, text: str) -> None:
        click.echo(f"{self._separator}{text}", nl=False)
        self._separator = ", "

    def end(self, counts: _Counts) -> None:
        if self._separator != ", ":
            click.echo(self._separator, nl=False)
        ends = {
            "rows": counts.rows,
            "good": counts.rows - counts.refused,
            "refused": counts.refused,
            "seconds": counts.seconds,
            "rows_per_s": counts.rate,
        }
        click.echo(f"], {json.dumps(ends)[1:]}")


def _members(row: int, fault: Fault) -> dict[str, Any]:
    return {"row": row, "field": fault.field, "code": fault.code, "sentence": fault.sentence}


class _RateColumn(ProgressColumn):
    @override
    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:.0f}/s")


@contextmanager
def _progress(rows: int) -> Iterator["_Step"]:
    """Lend what moves a bar with rate and time left on standard error, if that is a terminal."""
    console = Console(stderr=True, highlight=False, emoji=False)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeRemainingColumn(),
    )
    shown = Progress(
        *columns,
        console=console,
        transient=True,
        disable=not console.is_terminal,
        # Lines for another place than this terminal must not come here.
        redirect_stdout=sys.stdout.isatty(),
    )
    with shown:
        yield _Step(shown, rows)


class _Step:
    """Moves a bar by one row."""

    def __init__(self, progress: Progress, rows: int) -> None:
        self._progress = progress
        self._task = progress.add_task("rows", total=rows)

    def __call__(self) -> None:
        self._progress.advance(self._task)
