"""How each card of the zoo comes to be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulators.card.apdu import INS
from simulators.card.field import EndOfFile
from simulators.card.files import ElementaryFile
from simulators.reader.card import Card
from simulators.zoo.wishes import Wish

Cells = Mapping[str, bytes]
Changes = Mapping[str, bytes | None]


@dataclass(frozen=True, slots=True)
class Blank:
    """As the factory delivers it."""


@dataclass(frozen=True, slots=True)
class Made:
    """Made by the issuer."""

    wish: Wish = field(default_factory=Wish)


@dataclass(frozen=True, slots=True, kw_only=True)
class Torn:
    """Torn out of the station's reader once a command was answered; class 84, as all of them.

    Attributes:
        ins, p1: of the command; any P1 when None.
        times: the how-manieth of that kind.
    """

    ins: INS
    p1: int | None = None
    times: int = 1
    wish: Wish = field(default_factory=Wish)


@dataclass(frozen=True, slots=True)
class Edited:
    """Made by the issuer, then edited in a laboratory; None removes a cell."""

    edit: Callable[[Cells], Changes]
    wish: Wish = field(default_factory=Wish)


@dataclass(frozen=True, slots=True)
class Forged:
    """Made by the issuer, then one file replaced by a forger's.

    Attributes:
        file: which.
        word: its name at the port: ``owner`` or ``insurer``.
        forgery: members that are other than in the card's own wish.
    """

    file: ElementaryFile
    word: str
    forgery: Mapping[str, Any]
    wish: Wish = field(default_factory=Wish)


@dataclass(frozen=True, slots=True)
class Swapped:
    """Made by the issuer, with these files of another good card."""

    files: tuple[ElementaryFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InField:
    """A card of the field, without trust layer."""

    atr: bytes
    end_of_file: EndOfFile
    get_response: bool = False
    wish: Wish = field(default_factory=Wish)


@dataclass(frozen=True, slots=True)
class Foreign:
    """No policy card."""

    make: Callable[[], Card]


Recipe = Blank | Made | Torn | Edited | Forged | Swapped | InField | Foreign
