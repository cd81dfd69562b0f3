"""Words of a station: blanks by chip serial."""

from collections.abc import Mapping
from typing import Final

from cardservice.texts.phrases import Phrase

STOCK: Final[Mapping[str, Phrase]] = {
    "stock-differs": Phrase(
        "The blanks of this station do not add up.",
        "Count the tray: cardservice station stock count.",
    ),
    "serials-known": Phrase(
        "Some of these chip serials were received before.",
        "Compare the range with the label of the box; nothing was booked.",
    ),
    "blanks-not-kept": Phrase(
        "No blanks were ever received here by serial, so there is nothing to compare with.",
        "Book them first: cardservice station stock receive.",
    ),
    "serials-wrong": Phrase(
        "These chip serials are not in the tray.",
        "Compare them with the label and with cardservice station stock show; nothing was booked.",
    ),
}
