"""Words of a station: the portrait of an order."""

from collections.abc import Mapping
from typing import Final

from cardservice.texts.phrases import Phrase

PHOTOS: Final[Mapping[str, Phrase]] = {
    "photo-unreadable": Phrase(
        "The photo cannot be read as a picture.",
        "Ask the office for another photo; the order goes back.",
    ),
    "photo-kind": Phrase(
        "The photo is of a kind that is not taken.",
        "Ask the office for a JPEG, PNG or JPEG 2000; the order goes back.",
    ),
    "photo-too-large": Phrase(
        "The photo is too large.",
        "Ask the office for a smaller photo; the order goes back.",
    ),
    "photo-too-small": Phrase(
        "The photo has too few pixels for a face.",
        "Ask the office for a larger photo; the order goes back.",
    ),
    "photo-over-budget": Phrase(
        "The photo does not fit on the card with the face kept.",
        "Ask the office for a calmer photo, or raise the setting photo_octets.",
    ),
}
