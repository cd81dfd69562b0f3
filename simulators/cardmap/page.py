"""The map as one self-contained page: nothing is fetched, no script runs."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from simulators.cardmap.comparing import Comparison, Outcome, Row
from simulators.cardmap.sections import Section, Sections, select_answer
from simulators.cardmap.showing import Showing
from simulators.cardmap.spans import CardMap
from simulators.cardmap.text import summary
from simulators.cardmap.words import Label

LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Group:
    """The card's state or a directory; ``about`` is what SELECT answers for it."""

    title: str
    about: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A row of the table of differences."""

    path: str
    outcome: str
    one: str
    other: str


def page_of(cards: dict[str, CardMap], comparison: Comparison | None, showing: Showing) -> str:
    """Return the page of one card, or of two with their differences marked.

    Every text of a card is escaped.
    """
    titles = tuple(cards)
    both = titles[0], titles[-1]
    sections = Sections(showing, comparison).of(cards)
    return (
        _environment()
        .get_template("page.html")
        .render(
            language=LANGUAGE,
            label=Label,
            css=_css(),
            heading=(Label.COMPARED.format(*both) if comparison else Label.OF.format(titles[0])),
            note=Label.UNMASKED_NOTE if showing.unmasked else Label.MASKED_NOTE,
            compared=comparison is not None,
            summary=summary(comparison, both) if comparison else "",
            titles=both,
            differences=_differences(comparison, showing) if comparison else (),
            groups=_groups(cards[titles[0]], sections, showing),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("simulators.cardmap", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _css() -> str:
    return (files("simulators.cardmap") / "page.css").read_text(encoding="utf-8")


def _differences(comparison: Comparison, showing: Showing) -> tuple[Difference, ...]:
    return tuple(_difference(row, showing) for row in comparison.differences)


def _difference(row: Row, showing: Showing) -> Difference:
    values = [
        Label.ABSENT if side is None else "" if row.note else showing.value(side)
        for side in (row.one, row.other)
    ]
    only = row.outcome is not Outcome.DIFFERS
    return Difference(
        path=" › ".join(row.path),
        outcome=row.note or (Label.ONLY_HERE if only else Label.DIFFERS),
        one=values[0],
        other=values[1],
    )


def _groups(card: CardMap, sections: list[Section], showing: Showing) -> list[Group]:
    """Return the card's state and all directories, also those without a file."""
    controls = {Label.STATE.value: ""}
    for one in card.directories:
        controls[one.name] = f"{Label.SELECT_ANSWER} {select_answer(one.control, showing)}"
    return [
        Group(title, control, tuple(one for one in sections if one.group == title))
        for title, control in controls.items()
    ]
