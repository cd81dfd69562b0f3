"""The map of a card as rows for its page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from simulators.cardmap import MappedDirectory, MappedOctets, Phrase, map_image
from simulators.cardmap.showing import Showing


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """A span: where it is, what it is called, its octets if it has no inner ones, its meaning.

    ``name``, ``meaning`` and ``reason`` are texts of the catalog; ``tag`` stands before the name.
    """

    depth: int
    offset: int
    length: int
    tag: str
    name: str
    clause: str
    octets: str
    meaning: Phrase | None
    reason: str


@dataclass(frozen=True, slots=True)
class OctetsTable:
    """A file or a cell with all its spans."""

    title: str
    note: str
    length: int
    rows: tuple[FieldRow, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A directory, or the cells beside the files."""

    title: str
    note: str
    tables: tuple[OctetsTable, ...]


@dataclass(frozen=True, slots=True)
class ShownMap:
    """All of a card; secrets only by name."""

    sections: tuple[Section, ...]
    cells: tuple[OctetsTable, ...]
    secrets: tuple[tuple[str, Phrase | None], ...]


def shown_map(cells: Mapping[str, bytes], *, unmasked: bool) -> ShownMap:
    """Return the map of the card with these cells; personal values only if ``unmasked``."""
    card, showing = map_image(cells), Showing(unmasked=unmasked)
    return ShownMap(
        tuple(_section(one, showing) for one in card.directories),
        tuple(
            _table(one.name, "", one.mapped, showing)
            for one in card.cells
            if one.mapped is not None
        ),
        tuple((one.name, one.meaning) for one in card.cells if one.mapped is None),
    )


def _section(directory: MappedDirectory, showing: Showing) -> Section:
    tables = tuple(
        _table(file.name, f"{file.fid:04X}", file.mapped, showing) for file in directory.files
    )
    return Section(directory.name, directory.aid.hex(" ").upper(), tables)


def _table(title: str, note: str, mapped: MappedOctets, showing: Showing) -> OctetsTable:
    return OctetsTable(title, note, len(mapped.content), tuple(_rows(mapped, showing)))


def _rows(mapped: MappedOctets, showing: Showing) -> Iterator[FieldRow]:
    fields = [(one.depth, one.span) for one in showing.fields(mapped.span)]
    for depth, span in fields or [(0, mapped.span)]:
        tag, _, name = showing.title(span).rpartition(span.name)
        yield FieldRow(
            depth=depth,
            offset=span.start,
            length=len(span),
            tag=(tag or name).strip(),
            name=span.name,
            clause=span.clause,
            octets="" if span.children else showing.octets(mapped, span),
            meaning=showing.meaning(span),
            reason=span.reason or "",
        )
