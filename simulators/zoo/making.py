"""From a recipe to a card: made by the issuer over its port, edited here where it is to be."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, assert_never

from simulators.card import SoftwareCard, blank_card
from simulators.card.field import FieldCard
from simulators.card.files import FIRST_INSURER_ID
from simulators.card.memory import NonVolatileMemory
from simulators.reader.card import Card
from simulators.reader.inprocess import InProcessLink, InProcessReader
from simulators.zoo.entries import ZooEntry
from simulators.zoo.port import ZooIssuer
from simulators.zoo.recipes import (
    Blank,
    Cells,
    Changes,
    Edited,
    Foreign,
    Forged,
    InField,
    Made,
    Swapped,
    Torn,
)
from simulators.zoo.tearing import TearingLink
from simulators.zoo.wishes import Wish, another_person, members_of

_STATION = "Station of the zoo"
_OTHER = " other"

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Image:
    """The memory of a card, and what the issuer told of the cards that were made for it.

    Attributes:
        facts: as ``ZooIssuer.issue`` returns them; the first are of the card itself, none when
            it was not finished.
    """

    cells: Cells = field(repr=False)
    facts: tuple[Facts, ...] = field(default=(), repr=False)


class NotMadeError(Exception):
    """The issuer lost a card that nobody tore out, or finished one that was: an error in it."""


def make_image(entry: ZooEntry, issuer: ZooIssuer) -> Image:
    """Return the image of an entry that has one.

    Raises:
        NotMadeError: the issuer did not do as it was asked.
        TypeError: the entry has no image.
    """
    recipe, name = entry.recipe, entry.name
    match recipe:
        case Blank():
            return Image(blank_card().memory.cells())
        case Made():
            return _made(issuer, recipe.wish, name)
        case Torn():
            return _torn(issuer, recipe, name)
        case Edited():
            made = _made(issuer, recipe.wish, name)
            return Image(_changed(made.cells, recipe.edit(made.cells)), made.facts)
        case Forged():
            return _forged(issuer, recipe, name)
        case Swapped():
            return _swapped(issuer, recipe, name)
        case InField() | Foreign():
            raise TypeError(f"{name} has no image")
        case _:
            assert_never(recipe)


def make_plain_card(entry: ZooEntry, issuer: ZooIssuer) -> Card:
    """Return a new card of an entry without image; raises TypeError for another one."""
    match entry.recipe:
        case InField() as recipe:
            files = issuer.files(members_of(recipe.wish, entry.name))
            return FieldCard(
                owner=files["owner"],
                insurers={FIRST_INSURER_ID: files["insurer"]},
                pointer=FIRST_INSURER_ID,
                atr=recipe.atr,
                end_of_file=recipe.end_of_file,
                get_response=recipe.get_response,
            )
        case Foreign() as recipe:
            return recipe.make()
        case _:
            raise TypeError(f"{entry.name} comes as an image")


def _made(issuer: ZooIssuer, wish: Wish, name: str) -> Image:
    card = blank_card()
    with _station(card) as link:
        facts = issuer.issue(link, members_of(wish, name))
    if facts is None:
        raise NotMadeError(f"{name}: the issuer lost the card")
    return Image(card.memory.cells(), (facts,))


def _torn(issuer: ZooIssuer, torn: Torn, name: str) -> Image:
    card = blank_card()
    with _station(card) as link:
        hand = TearingLink(link, torn)
        facts = issuer.issue(hand, members_of(torn.wish, name))
    if facts is not None or not hand.was_torn:
        raise NotMadeError(f"{name}: the issuer never came to that step")
    return Image(card.memory.cells())


def _forged(issuer: ZooIssuer, recipe: Forged, name: str) -> Image:
    made = _made(issuer, recipe.wish, name)
    forged = issuer.files({**members_of(recipe.wish, name), **recipe.forgery})
    return Image(_changed(made.cells, {recipe.file.cell: forged[recipe.word]}), made.facts)


def _swapped(issuer: ZooIssuer, recipe: Swapped, name: str) -> Image:
    """The other card has another insurer too, or one insurer file would be as good as the other."""
    made = _made(issuer, Wish(), name)
    other_wish = Wish(ogrn="1009900000120", okato="00002")
    other = _made(issuer, another_person(other_wish, name), name + _OTHER)
    changes = {file.cell: other.cells[file.cell] for file in recipe.files}
    return Image(_changed(made.cells, changes), made.facts + other.facts)


@contextmanager
def _station(card: SoftwareCard) -> Iterator[InProcessLink]:
    reader = InProcessReader(_STATION)
    reader.insert(card)
    try:
        yield reader.connect()
    finally:
        reader.remove()


def _changed(cells: Cells, changes: Changes) -> Cells:
    memory = NonVolatileMemory(cells)
    memory.transaction(changes)
    return memory.cells()
