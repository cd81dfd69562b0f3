"""The shift report of a station, from its journal's file; a running station is not disturbed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from cardservice.errors import MalformedDataError, Refusal
from cardservice.home.issuer import utc_now
from cardservice.home.station_journal import existing_journal
from cardservice.home.station_report_counting import Window, shift_of
from cardservice.papers.fonts import DEFAULT_FOLDER, PaperFonts, find_fonts
from cardservice.papers.shift_report import shift_pdf
from cardservice.papers.shift_report_csv import shift_csv
from cardservice.papers.shift_report_values import Shift
from cardservice.papers.wording import PaperLanguage
from cardservice.personalization.journal import Kept
from cardservice.settings import Settings
from cardservice.storage.journal_file_reading import kept_entries
from cardservice.texts.languages import Language


def read_journal(path: Path) -> Iterator[Kept]:
    """Yield the entries of a journal's file, oldest first; a station may write it meanwhile.

    Raises:
        Refusal: ``journal-damaged``.
    """
    try:
        yield from kept_entries(path)
    except MalformedDataError as damage:
        raise Refusal("journal-damaged", f"The station's journal is damaged: {damage}.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalShiftReports:
    """The report of the running shift as the operator's page asks for it.

    Attributes:
        path: of the journal's file.
        station: its name.
        clock: gives aware times.
    """

    path: Path
    station: str
    zone: tzinfo
    fonts: PaperFonts
    clock: Callable[[], datetime]

    def shift(self, window: Window | None = None) -> Shift:
        """Return the shift; without a window the running one."""
        return shift_of(
            partial(read_journal, self.path),
            window or Window(),
            station=self.station,
            zone=self.zone,
            now=self.clock(),
        )

    def pdf(self, language: Language) -> bytes:
        """Return the running shift as PDF/A."""
        return self.pdf_of(self.shift(), language)

    def pdf_of(self, shift: Shift, language: Language) -> bytes:
        """Return any shift as PDF/A."""
        spoken = PaperLanguage(language.value)
        return shift_pdf(shift, fonts=self.fonts, made=self.clock(), language=spoken)

    def csv(self) -> bytes:
        """Return the running shift as CSV."""
        return shift_csv(self.shift())


def open_shift_reports(
    settings: Settings, *, clock: Callable[[], datetime] = utc_now
) -> JournalShiftReports:
    """Return what makes the reports of the station that the settings name.

    Raises:
        Refusal: ``no-journal``: no station ever ran there; ``no-home``.
        PaperFontsError: there is no font to print with.
    """
    return JournalShiftReports(
        path=existing_journal(settings),
        station=settings.station_name,
        zone=ZoneInfo(settings.time_zone),
        fonts=find_fonts(settings.paper_fonts or DEFAULT_FOLDER),
        clock=clock,
    )
