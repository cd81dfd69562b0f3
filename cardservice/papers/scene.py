"""A page as marks on it: what PDF and PNG are both drawn from, so that they agree.

Lengths are millimetres; y runs downwards from the upper edge; colours are ``#rrggbb``.
"""

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; x is its left end, y its baseline."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image of red, green and blue, filling a rectangle of its own proportions."""

    x: float
    y: float
    width: float
    height: float
    image: Image = field(repr=False)


@dataclass(frozen=True, slots=True)
class Modules:
    """The dark modules of a QR code, each ``module`` wide, without its quiet zone."""

    x: float
    y: float
    module: float
    rows: tuple[bytes, ...] = field(repr=False)
    colour: str


Mark: TypeAlias = Words | Box | Picture | Modules


@dataclass(frozen=True, slots=True)
class Page:
    """A page of that size; later marks cover earlier ones."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def moved(mark: Mark, *, x: float = 0.0, y: float = 0.0) -> Mark:
    """Return ``mark`` further right and down."""
    return replace(mark, x=mark.x + x, y=mark.y + y)
