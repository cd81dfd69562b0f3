"""Words of a station: the journal and the disk that it lies on."""

from collections.abc import Mapping
from typing import Final

from cardservice.texts.phrases import Phrase

JOURNAL: Final[Mapping[str, Phrase]] = {
    "journal-full": Phrase(
        "The disk of the journal is full; nothing more was done with the card.",
        "Make room on the disk, resume, and put the card back with its order.",
    ),
    "journal-failed": Phrase(
        "The disk of the journal fails; nothing more was done with the card.",
        "Stop the station, look at the disk, start again and put the cards back.",
    ),
    "journal-contradicts": Phrase(
        "An entry does not follow from those before it.",
        "Stop the station, keep the journal file and call the station's keeper.",
    ),
    "journal-in-use": Phrase(
        "Another program writes this station's journal.",
        "Stop the other program first: two stations never share a journal.",
    ),
    "journal-damaged": Phrase(
        "The journal is damaged and cannot be believed; nothing was changed.",
        "Keep the file, see docs/station-journal.md, and begin a new journal in another place.",
    ),
    "no-journal": Phrase(
        "There is no journal of a station here yet.",
        "Compare the setting station_folder with where the station works; the first start makes a "
        "journal.",
    ),
    "nothing-to-settle": Phrase(
        "Nothing of this card waits to be told of.",
        "Look with: cardservice station journal show.",
    ),
    "card-unknown": Phrase(
        "This station's journal knows no such card.",
        "Compare the serial; a blank that was never begun is booked with cardservice station stock "
        "spoil.",
    ),
    "cards-open": Phrase(
        "Cards were begun and not finished.",
        "Put them back one after the other: the station finishes them.",
    ),
    "disk-low": Phrase(
        "The station's disk has little room left.",
        "Make room before the station starts.",
    ),
}
