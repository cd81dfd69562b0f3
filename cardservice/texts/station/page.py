"""What the operator's page calls its numbers and actions."""

from collections.abc import Mapping
from typing import Final

MADE: Final = "Cards made"
PER_HOUR: Final = "Cards an hour"
SPOILED: Final = "Spoiled"
WAITING: Final = "Jobs waiting"
UNTOLD: Final = "To be told"
TRAY: Final = "Blanks in the tray"
TRAY_OF: Final = "{tray} of {received}"
REGISTRY: Final = "Registry"
REACHED: Final = "connected"
AWAY: Final = "away"
LANE: Final = "Lane {number}"

FACTS: Final = (MADE, PER_HOUR, SPOILED, WAITING, UNTOLD, TRAY, TRAY_OF, REGISTRY, REACHED, AWAY)

SHARES: Final[Mapping[str, str]] = {
    "chip": "chip",
    "line": "line",
    "host": "host",
    "hand": "hands",
}
"""Field of ``Shares`` → what the time goes to."""

ACTIONS: Final[Mapping[str, str]] = {
    "pause": "Pause",
    "resume": "Resume",
    "skip": "Skip",
    "repeat": "Again",
    "finish": "Finish the shift",
}
"""Action → the word on its button."""
