"""The number that a clerk typed for the card on a reader, on its way to that card."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedNumber:
    """What was typed, and for which card; passed on once and kept nowhere.

    Attributes:
        presentation: the presentation the clerk was asked about; another card never gets it.
        can: six ASCII digits.
    """

    reader: str
    presentation: int
    can: str = field(repr=False)


TakeNumber = Callable[[TypedNumber], None]
"""Begins to read that card with its number, or raises Refusal."""
