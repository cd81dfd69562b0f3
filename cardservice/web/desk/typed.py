"""What a clerk wants of the card on a reader, on its way to that card: a number, a photo."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoWish:
    """The card on a reader is to be read once more, with its photo.

    Attributes:
        presentation: the presentation the clerk saw; another card is never read for it.
        can: six ASCII digits for a card that its number opened; None for any other.
    """

    reader: str
    presentation: int
    can: str | None = field(default=None, repr=False)


TakePhotoWish = Callable[[PhotoWish], None]
"""Begins to read that card again, or raises Refusal."""
