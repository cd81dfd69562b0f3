"""The photos of a table: a file a row, named after the row's number and after nobody."""

from dataclasses import dataclass
from pathlib import Path

from cardservice.errors import Refusal
from cardservice.papers.portrait_fitting import PortraitBounds
from cardservice.policycard.photo import Photo
from cardservice.printing.portrait_apart import MOST_OCTETS, fit_portrait_apart
from cardservice.settings import Settings


@dataclass(frozen=True, slots=True)
class RowPhotos:
    """Photos of a table.

    Attributes:
        folder: of the files ``ROW.jpg``; a row without one gets a card without a photo.
        bounds: what they are made to fit.
    """

    folder: Path
    bounds: PortraitBounds

    def has(self, row: int) -> bool:
        """Return whether there is a file for the row."""
        return self._path(row).is_file()

    def of_row(self, row: int) -> Photo | None:
        """Return the row's photo, fitted in a process apart; None if it has none.

        Raises:
            Refusal: ``photo-unreadable`` and its like, or the file cannot be read.
        """
        if not self.has(row):
            return None
        try:
            with self._path(row).open("rb") as file:
                octets = file.read(MOST_OCTETS + 1)  # one more tells that it is too large
        except OSError:
            sentence = "The file of the photo cannot be read."
            raise Refusal("photo-unreadable", sentence, field="photo") from None
        return fit_portrait_apart(octets, self.bounds)

    def _path(self, row: int) -> Path:
        return self.folder / f"{row}.jpg"


def row_photos(folder: Path | None, settings: Settings) -> RowPhotos | None:
    """Return the photos in a folder, to be fitted as the settings say; None without a folder.

    Raises:
        UsageError: the settings ask for a photo that no card can take.
    """
    if folder is None:
        return None
    bounds = PortraitBounds(
        width=settings.photo_width, height=settings.photo_height, octets=settings.photo_octets
    )
    return RowPhotos(folder, bounds)
