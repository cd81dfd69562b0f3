"""The printers that a station's settings name."""

import os
import secrets
import time
from pathlib import Path
from typing import Final

from cardservice.domain.numbers import Ogrn, Okato
from cardservice.errors import Refusal, UsageError
from cardservice.home.station_journal import station_folder
from cardservice.home.station_printing import FacePrinting, LanePrinters, Paper
from cardservice.papers.fonts import DEFAULT_FOLDER, find_fonts
from cardservice.papers.values import PaperInsurer
from cardservice.papers.wording import PaperLanguage
from cardservice.personalization.printing_letters import LetterPrinter
from cardservice.printing.cups import CupsPrinter, CupsQueue, find_commands
from cardservice.printing.folders import prepare_private_folder
from cardservice.printing.letter_claims import ClaimFiles
from cardservice.printing.letter_printers import CupsLetterPrinter, DeviceLetterPrinter
from cardservice.printing.letter_printing import LetterPrinting
from cardservice.printing.pdf_files import PdfFilePrinter
from cardservice.settings import Settings
from cardservice.uploads.vault_files import write_private

LETTERS: Final = "letters"  # in the station's: which letters were printed
_NAME_OCTETS: Final = 8


class InsecureFolderLetterPrinter:
    """Keeps PIN letters as files in a folder, for demonstrations; production refuses it.

    Raises:
        UsageError: in production; others may enter the folder, or it cannot be made.
    """

    def __init__(self, folder: Path, *, production: bool) -> None:
        if production:
            raise UsageError("production keeps no PIN letters in a folder; choose a printer")
        self._folder = prepare_private_folder(folder)

    def require_ready(self) -> None:
        """Return if files can be written; raises Refusal ``printer-not-ready``."""
        _require_writable(self._folder)

    def print_letter(self, document: bytearray) -> None:
        """Write the letter to a new file; raises Refusal ``letter-interrupted``."""
        path = self._folder / f"{secrets.token_hex(_NAME_OCTETS)}.pdf"
        try:
            write_private(path, [bytes(document)])
        except OSError as error:
            sentence = f"The letter cannot be written: {error.strerror}."
            raise Refusal("letter-interrupted", sentence) from None


def open_printers(settings: Settings) -> LanePrinters:
    """Return the printers that the settings name.

    Raises:
        UsageError: a printer that cannot be; PaperFontsError: there are no fonts to print with.
    """
    faces = _faces(settings.face_printer) if settings.face_printer else None
    letters = _letters(settings) if settings.letter_printer else None
    paper = _paper(settings) if faces or letters else None
    return LanePrinters(paper, faces=faces, letters=letters)


def _faces(named: str) -> FacePrinting:
    kind, _, where = named.partition(":")
    if kind == "cups":
        queue = _queue(where)
        return FacePrinting(queue, queue.require_ready)
    folder = Path(where).expanduser()
    return FacePrinting(PdfFilePrinter(folder), lambda: _require_writable(folder))


def _letters(settings: Settings) -> LetterPrinting:
    kind, _, where = settings.letter_printer.partition(":")
    folder = station_folder(settings) / LETTERS
    return LetterPrinting(_letter_printer(kind, where, settings), ClaimFiles(folder), folder)


def _letter_printer(kind: str, where: str, settings: Settings) -> LetterPrinter:
    if kind == "cups":
        return CupsLetterPrinter(_queue(where))
    if kind == "device":
        return DeviceLetterPrinter(Path(where), clock=time.monotonic)
    folder = Path(where).expanduser()
    return InsecureFolderLetterPrinter(folder, production=settings.production)


def _queue(name: str) -> CupsPrinter:
    commands = find_commands()
    if commands is None:
        raise UsageError("the commands of CUPS are missing; install the package cups-client")
    return CupsPrinter(CupsQueue(name=name), commands, clock=time.monotonic, pause=time.sleep)


def _paper(settings: Settings) -> Paper:
    known = None
    if settings.insurer_name and settings.insurer_ogrn:
        known = PaperInsurer(
            name=settings.insurer_name,
            ogrn=Ogrn(settings.insurer_ogrn),
            okato=Okato(settings.region or ""),
            address=settings.insurer_address or None,
            phone=settings.insurer_phone or None,
        )
    fonts = find_fonts(settings.paper_fonts or DEFAULT_FOLDER)
    return Paper(fonts=fonts, language=PaperLanguage(settings.language), insurer=known)


def _require_writable(folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Refusal("printer-not-ready", f"Nothing can be written to {folder}.")
