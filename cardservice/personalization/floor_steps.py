"""What a lane's journal entries say of how far its card is."""

from collections.abc import Mapping
from typing import Final

from cardservice.personalization.journal import (
    CardEntry,
    CardMade,
    CardSeen,
    ChipKeyMade,
    Entry,
    Finalized,
    KeysReplaced,
    ServiceBegun,
    ServiceDone,
)
from cardservice.personalization.lanes import Step

STEPS: Final[Mapping[type[object], Step]] = {
    CardSeen: Step.KEYS,
    KeysReplaced: Step.DATA,
    ChipKeyMade: Step.DATA,
    Finalized: Step.VERIFY,
    CardMade: Step.BIN,
    ServiceBegun: Step.DATA,
    ServiceDone: Step.BIN,
}
"""Entry → the step it announces; an entry is there before what it announces."""


def step_after(entry: Entry) -> Step | None:
    """Return the step that ``entry`` announces; None: the one before goes on."""
    return STEPS.get(type(entry))


def chip_of(entry: Entry) -> str:
    """Return the chip's serial number in hexadecimal; empty: the entry is of no chip."""
    return entry.chip.hex().upper() if isinstance(entry, CardEntry | ServiceBegun) else ""


def is_outcome(entry: Entry) -> bool:
    """Say whether a card counts as made, or a service as done, from ``entry`` on."""
    return isinstance(entry, CardMade | ServiceDone)
