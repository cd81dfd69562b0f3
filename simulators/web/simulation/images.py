"""State files as they travel over HTTP: the same document, without a place on a disk."""

import json
import tempfile
from pathlib import Path
from typing import Final

from simulators.card import StateFileError
from simulators.card.state_form import load_cells
from simulators.web.simulation.errors import RefusedImageError

_NAME: Final = "uploaded.card"
_REMEDY: Final = "send the content of a file that `cardsim new` or GET …/image gave"


def cells_of(image: object) -> dict[str, bytes]:
    """Return the cells in the parsed content of a state file.

    Raises:
        RefusedImageError: it is none, damaged, or of another version.
    """
    # Its format is the business of the package that keeps cards in files; so it goes through one.
    with tempfile.TemporaryDirectory(prefix="cardsim-image-") as folder:
        place = Path(folder, _NAME)
        place.write_text(json.dumps(image), "ascii")
        try:
            cells = load_cells(place)
        except StateFileError as error:
            raise RefusedImageError(_said(error, place), remedy=_REMEDY) from None
    if not cells:
        raise RefusedImageError("the image holds no card", remedy=_REMEDY)
    return cells


def _said(error: StateFileError, place: Path) -> str:
    """Return what is wrong, without where the content lay for a moment."""
    return error.problem.removeprefix(f"{place}: ")
