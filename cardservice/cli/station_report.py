"""``cardservice station report``: the shift, on the screen, as PDF and as CSV."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click

from cardservice.cli.console import new_console
from cardservice.cli.exit_codes import reports_errors
from cardservice.cli.pki_stores import OUT
from cardservice.errors import UsageError
from cardservice.home.folder import write_atomically
from cardservice.home.station_report import open_shift_reports
from cardservice.home.station_report_counting import Window
from cardservice.papers.shift_report_csv import shift_csv
from cardservice.papers.shift_report_values import Shift
from cardservice.papers.shift_report_wording import REASONS, WORKS, say, show_moment
from cardservice.papers.wording import PaperLanguage
from cardservice.settings import load_settings
from cardservice.texts.languages import Language

_TIME: Final = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"])


@click.command(
    epilog="""\b
Examples:
  cardservice station report --pdf shift.pdf --csv shift.csv
  cardservice station report --since 2026-11-22T08:00 --until 2026-11-22T20:00

\b
Without --since the shift begins where the station was started last. Times are those of the
setting time_zone. The journal is only read: a station may be at work meanwhile."""
)
@click.option("--since", type=_TIME, metavar="TIME", help="Begin, e.g. 2026-11-22T08:00.")
@click.option("--until", type=_TIME, metavar="TIME", help="End; the present unless given.")
@click.option("--pdf", type=OUT, metavar="FILE", help="Write the report as PDF/A.")
@click.option("--csv", type=OUT, metavar="FILE", help="Write the counts as CSV.")
@reports_errors
def report(
    since: datetime | None, until: datetime | None, pdf: Path | None, csv: Path | None
) -> None:
    """Show what a shift made, spoiled and left over; nothing of a person."""
    settings = load_settings()
    zone = ZoneInfo(settings.time_zone)
    window = _window(since, until, zone)
    reports = open_shift_reports(settings)
    shift = reports.shift(window)
    if pdf is not None:
        write_atomically(pdf.absolute(), reports.pdf_of(shift, Language(settings.language)))
    if csv is not None:
        write_atomically(csv.absolute(), shift_csv(shift))
    console = new_console()
    for name, value in _lines(shift, PaperLanguage(settings.language)):
        console.print(f"{name}: {value}", markup=False)


def _window(since: datetime | None, until: datetime | None, zone: ZoneInfo) -> Window:
    if since is not None and until is not None and until <= since:
        raise UsageError("--until is later than --since")
    begin, end = (None if one is None else one.replace(tzinfo=zone) for one in (since, until))
    return Window(since=begin, until=end)


def _lines(shift: Shift, language: PaperLanguage) -> Iterator[tuple[str, str]]:
    begin, end = show_moment(shift.begin, language), show_moment(shift.end, language)
    yield f"{say('Station', language)} {shift.station}", f"{begin} – {end}"
    yield say("Cards made", language), str(shift.made)
    for reason, count in shift.spoiled.items():
        yield say(REASONS[reason], language), str(count)
    for work, count in shift.services.items():
        yield say(WORKS[work], language), str(count)
    yield say("Orders given back", language), str(shift.given_back)
    yield say("Cards not finished", language), str(len(shift.open_cards))
    yield say("Outcomes not told yet", language), str(shift.untold)
