"""The card map: every octet of a software card named, and two cards compared field by field."""

from simulators.cardmap.comparing import Comparison, Outcome, Row, Side, compare
from simulators.cardmap.mapping import map_image
from simulators.cardmap.spans import (
    CardMap,
    MappedCell,
    MappedDirectory,
    MappedFile,
    MappedOctets,
    Part,
    Phrase,
    Privacy,
    Span,
)

__all__ = [
    "CardMap",
    "Comparison",
    "MappedCell",
    "MappedDirectory",
    "MappedFile",
    "MappedOctets",
    "Outcome",
    "Part",
    "Phrase",
    "Privacy",
    "Row",
    "Side",
    "Span",
    "compare",
    "map_image",
]
