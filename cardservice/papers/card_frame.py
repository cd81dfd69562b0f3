"""The frame of both sides of a card: its size, its margin, the place of the contacts.

Source: ISO/IEC 7810:2019, 5 (ID-1); ISO/IEC 7816-2 (place of the contacts).
"""

from collections.abc import Iterator
from typing import Final

from cardservice.papers.scene import Mark, Words, moved
from cardservice.papers.sheet import painted

WIDTH, HEIGHT = 85.60, 53.98  # ISO/IEC 7810, table 2
CONTACTS: Final = (9.0, 17.0, 23.0, 31.0)
"""Left, top, right, bottom of the place of the contacts and their rim: nothing is printed there."""

EDGE: Final = 5.0
LABEL: Final = 1.8  # 5 pt
SMALLEST: Final = 1.8


def placed(words: tuple[Words, ...], x: float, y: float, colour: str) -> Iterator[Mark]:
    """Yield the words in that colour, their corner at x and y."""
    return (moved(one, x=x, y=y) for one in painted(words, colour))
