"""How octets that are known look: the grammar that the walk names them by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from simulators.cardmap.spans import Phrase, Privacy
from simulators.cardmap.words import Name

Reader: TypeAlias = Callable[[bytes], Phrase | None]
"""Says a value in plain words, None when the value has not the form it should have. Total."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A named run of octets inside a value. ``octets`` 0: as many as the others leave."""

    name: Name
    octets: int
    read: Reader | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One object and what is inside it.

    Attributes:
        tag: None fits any tag.
        clause: of the source; an empty one is the parent's.
        privacy: None is the parent's.
        read: the value in plain words.
        pieces: the runs of a primitive value, used when they add up to it.
        parts: the objects inside, each at most once, in any order.
        ordered: the parts come in this order; each may be left out.
        each: the one shape that all objects inside have.
        choose: looks at the value and returns the shape it really has; this one fits if None.
        opens: a primitive value that holds objects, after ``lead`` other octets.
        der: below here ``00`` between objects is no padding and universal tags have their meaning.
    """

    name: Name
    tag: int | None = None
    clause: str = ""
    privacy: Privacy | None = None
    read: Reader | None = None
    pieces: tuple[Piece, ...] = ()
    parts: "tuple[Shape, ...]" = ()
    ordered: bool = False
    each: "Shape | None" = None
    choose: "Callable[[bytes], Shape | None] | None" = None
    opens: bool = False
    lead: Piece | None = None
    der: bool = False
