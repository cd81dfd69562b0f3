"""Titles of the demonstration's cards; keys of the catalogs."""

from collections.abc import Mapping
from enum import StrEnum, unique


@unique
class DemonstrationCard(StrEnum):
    """The cards a visitor can put on a simulated reader."""

    GOOD = "good"
    OTHER = "other"
    CONTACTLESS = "contactless"
    COPIED = "copied"
    ALTERED = "altered"
    BLOCKED = "blocked"
    FIELD = "field"
    BANK = "bank"
    BLANK = "blank"


DEMONSTRATION_CARDS: Mapping[DemonstrationCard, str] = {
    DemonstrationCard.GOOD: "A good card",
    DemonstrationCard.OTHER: "Another good card",
    DemonstrationCard.CONTACTLESS: "A contactless card (type its number)",
    DemonstrationCard.COPIED: "A copied chip",
    DemonstrationCard.ALTERED: "An altered name",
    DemonstrationCard.BLOCKED: "A blocked card",
    DemonstrationCard.FIELD: "A card without signature",
    DemonstrationCard.BANK: "A bank card",
    DemonstrationCard.BLANK: "A blank card",
}
