"""Words of the page for what the programs call by codes. English texts are their own keys."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from simulators.card import Interface
from simulators.tray import EventKind
from simulators.web.problems import KINDS
from simulators.web.simulation import CardKind

NO_CARD_CHOSEN: Final = "Choose a card first."

INTERFACES: Final = MappingProxyType(
    {Interface.CONTACT: "contact", Interface.CONTACTLESS: "contactless"}
)
CARD_KINDS: Final = MappingProxyType(
    {
        CardKind.BLANK: "blank card",
        CardKind.ZOO: "card of the zoo",
        CardKind.IMAGE: "card from an image",
        CardKind.FILE: "card in a file",
    }
)
OUTCOMES: Final = MappingProxyType(
    {
        "valid": "valid",
        "invalid": "invalid",
        "undecided": "undecided",
        "no verdict": "no verdict",
    }
)
"""By the value of the zoo's outcome."""

EVENTS: Final = MappingProxyType(
    {
        EventKind.READER_ADDED: "Reader added",
        EventKind.READER_GONE: "Reader gone",
        EventKind.INSERTED: "Inserted",
        EventKind.REMOVED: "Removed",
        EventKind.FAULT: "Fault",
        EventKind.POWER_CUT: "Power cut",
        EventKind.BROKEN: "The card broke",
        EventKind.EVENTS_LOST: "Events lost",
    }
)


def every_text() -> Iterator[str]:
    """Yield every text that needs a translation and stands in no template."""
    yield NO_CARD_CHOSEN
    yield from INTERFACES.values()
    yield from CARD_KINDS.values()
    yield from OUTCOMES.values()
    yield from EVENTS.values()
    yield from (kind.title for kind in KINDS)
