"""Words of a station: what all lanes stand on: clock, keys, the program itself."""

from collections.abc import Mapping
from typing import Final

from cardservice.texts.phrases import Phrase

CHECKS: Final[Mapping[str, Phrase]] = {
    "clock-wrong": Phrase(
        "The clock jumped, or is behind what the journal and the certificates say.",
        "Set the clock, look that it is right, then resume all lanes.",
    ),
    "keys-unavailable": Phrase(
        "The keys cannot be reached.",
        "Check the key store and its passphrase or PIN, then start the station again.",
    ),
    "sample-failed": Phrase(
        "A card made by software for a try does not verify.",
        "Install the project again; if it stays, call the station's keeper.",
    ),
    "demonstration-home": Phrase(
        "Production refuses a home that was made for a demonstration.",
        "Make a home of its own: cardservice init.",
    ),
    "internal": Phrase(
        "The program made a mistake.",
        "Write down the time, resume the lane once, and tell the station's keeper.",
    ),
}
