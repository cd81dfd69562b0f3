"""Where a station's journal lies, and how commands get at it while no station runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cardservice.errors import Refusal
from cardservice.home.folder import Folder
from cardservice.home.issuer import utc_now
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.recovery import Recovery, recover
from cardservice.settings import Settings
from cardservice.storage.journal_file import JournalFile
from cardservice.storage.journal_file_reading import kept_entries, require_whole

FOLDER: Final = "station"
JOURNAL: Final = "journal"
_OWNER_ONLY: Final = 0o700


def station_folder(settings: Settings) -> Path:
    """Return the station's folder: the setting, or that in the home; it need not be there.

    Raises:
        Refusal: ``no-home``: no folder is set, and there is no home that it could lie in.
    """
    if settings.station_folder is not None:
        return settings.station_folder.expanduser()
    return Folder(settings.home).require().path / FOLDER


def journal_path(settings: Settings) -> Path:
    """Return where the journal lies; raises Refusal as ``station_folder``."""
    return station_folder(settings) / JOURNAL


def existing_journal(settings: Settings) -> Path:
    """Return where the journal lies.

    Raises:
        Refusal: ``no-journal``: there is none yet; ``no-home``.
    """
    path = journal_path(settings)
    if not path.is_file():
        raise Refusal(
            "no-journal",
            f"There is no journal at {path}; it is made when blanks are received, or when the "
            "station first runs. If it should be there, look at the setting station_folder.",
        )
    return path


def read_journal(settings: Settings) -> Recovery:
    """Return what the journal comes to, whether a station runs or not; changes nothing.

    Raises:
        Refusal: ``no-journal``, ``journal-damaged``, ``journal-contradicts``, ``no-home``.
    """
    path = existing_journal(settings)
    require_whole(path)
    return recover(kept_entries(path))


@contextmanager
def journal_file(settings: Settings) -> Iterator[JournalFile]:
    """Lend the journal's file, to this process alone.

    Raises:
        Refusal: ``journal-in-use``: a station runs; as ``read_journal``.
    """
    file = JournalFile(existing_journal(settings), clock=utc_now)
    try:
        yield file
    finally:
        file.close()


@contextmanager
def booking_journal(settings: Settings, *, create: bool = False) -> Iterator[StationJournal]:
    """Lend the journal to a command that books something and makes no card.

    Args:
        settings: where it lies.
        create: begin a journal where there is none.

    Raises:
        Refusal: as ``journal_file``; ``stock-differs``.
    """
    if create:
        path = journal_path(settings)
        path.parent.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        JournalFile(path, clock=utc_now).close()
    with journal_file(settings) as file:
        yield StationJournal(file, starts=False)
