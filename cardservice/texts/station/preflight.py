"""Words of a station: a row that is refused before the first plastic."""

from collections.abc import Mapping
from typing import Final

from cardservice.texts.phrases import Phrase

PREFLIGHT: Final[Mapping[str, Phrase]] = {
    "card-full": Phrase(
        "Everything together does not fit on a card.",
        "Take a smaller photo for this row.",
    ),
    "file-too-large": Phrase(
        "A file of the card would be longer than it may be.",
        "Shorten the field that the report names, or take a smaller photo.",
    ),
    "not-writable": Phrase(
        "What the row says cannot be written as a card's file.",
        "Correct the field that the report names.",
    ),
    "card-not-made": Phrase(
        "The trial card could not be made.",
        "Try the row alone; if it stays, tell the station's keeper.",
    ),
    "not-as-ordered": Phrase(
        "The trial card does not read as the row says.",
        "Do not make cards of this table: tell the station's keeper.",
    ),
}
