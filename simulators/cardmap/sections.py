"""What the page shows of each file and cell: runs of octets, and lines that explain them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from simulators.cardmap.comparing import Comparison, title_of
from simulators.cardmap.showing import Field, Showing
from simulators.cardmap.spans import CardMap, MappedCell, MappedFile, MappedOctets, Part, Span
from simulators.cardmap.words import Label, Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The octets of one leaf: a link to the row that explains them."""

    octets: str
    kind: str
    hint: str
    target: str
    masked: bool
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One object, piece or odd run in the table of a file."""

    anchor: str
    depth: int
    offset: int
    octets: int
    title: str
    meaning: str
    reason: str
    clause: str
    masked: bool
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A file on one of the cards."""

    card: str
    about: str
    runs: tuple[Run, ...]
    lines: tuple[Line, ...]


@dataclass(slots=True)
class Section:
    """A file or a cell, with its copy on each card that has it."""

    anchor: str
    group: str
    title: str
    reason: str = ""
    differs: bool = False
    copies: list[Copy] = field(default_factory=list)


def select_answer(control: MappedOctets, showing: Showing) -> str:
    """Return the octets that SELECT answers, in hex."""
    return " ".join(showing.octets(control, leaf) for leaf in control.span.leaves())


class Sections:
    """Gathers what the cards have under one heading, so that copies stand one below the other."""

    def __init__(self, showing: Showing, comparison: Comparison | None) -> None:
        self._showing = showing
        rows = comparison.differences if comparison else ()
        self._odd_ends: dict[tuple[int, int], int] = {}
        for side in (side for row in rows for side in (row.one, row.other) if side):
            if side.mapped is not None and side.span is not None:
                whole = range(side.span.start, side.span.end)
                self._odd_ends.update({(id(side.mapped), at): side.span.end for at in whole})
        self._odd_paths = {row.path[:2] for row in rows} | {row.path[:1] for row in rows}
        self._sections: dict[tuple[str, ...], Section] = {}

    def of(self, cards: dict[str, CardMap]) -> list[Section]:
        """Return the sections in the order of the tree."""
        for title, card in cards.items():
            for directory in card.directories:
                for file in directory.files:
                    self._file(title, directory.name, file)
        for title, card in cards.items():
            for cell in card.cells:
                self._cell(title, cell)
        return list(self._sections.values())

    def _section(self, *path: str, group: str, title: str) -> Section:
        if path not in self._sections:
            section = Section(f"s{len(self._sections)}", group, title)
            section.differs = path in self._odd_paths
            self._sections[path] = section
        return self._sections[path]

    def _file(self, card: str, directory: str, file: MappedFile) -> None:
        title = f"{file.fid:04X} {file.name}"
        section = self._section(directory, title, group=directory, title=title)
        sfi = f"{file.sfi:02X}" if file.sfi else "–"
        size = Label.SIZE.format(len(file.mapped.content), file.limit)
        control = select_answer(file.control, self._showing)
        about = (
            f"{Label.FILE_ID.format(f'{file.fid:04X}', sfi)} · {size} · "
            f"{Label.SELECT_ANSWER} {control}"
        )
        section.reason = file.mapped.span.reason or section.reason
        section.copies.append(self._copy(section, card, about, file.mapped))

    def _cell(self, card: str, cell: MappedCell) -> None:
        title = title_of(cell)
        section = self._section(title, group=Label.STATE, title=title)
        if cell.mapped is None:
            about, runs, lines = str(cell.meaning), (), ()
            section.copies.append(Copy(card=card, about=about, runs=runs, lines=lines))
            return
        said = self._showing.meaning(cell.mapped.span)
        about = str(said or "")
        section.reason = cell.mapped.span.reason or section.reason
        section.copies.append(self._copy(section, card, about, cell.mapped))

    def _copy(self, section: Section, card: str, about: str, mapped: MappedOctets) -> Copy:
        prefix = f"{section.anchor}c{len(section.copies)}"
        fields = list(self._showing.fields(mapped.span))
        if not fields and mapped.content:
            fields = [Field(0, mapped.span, (self._showing.title(mapped.span),))]
        shown = [one for one in fields if _has_line(one)]
        lines = tuple(self._line(prefix, mapped, one) for one in shown)
        return Copy(
            card=card, about=about, runs=tuple(self._runs(prefix, mapped, fields)), lines=lines
        )

    def _line(self, prefix: str, mapped: MappedOctets, one: Field) -> Line:
        span = one.span
        values = [leaf for leaf in span.leaves() if leaf.part not in {Part.TAG, Part.LENGTH}]
        return Line(
            anchor=f"{prefix}o{span.start}d{one.depth}",
            depth=one.depth,
            offset=span.start,
            octets=len(span),
            title=self._showing.title(span),
            meaning=str(self._showing.meaning(span) or ""),
            reason=span.reason or "",
            clause=span.clause,
            masked=len(values) == 1 and self._showing.is_masked(values[0]),
            differs=self._differs(mapped, span),
        )

    def _runs(self, prefix: str, mapped: MappedOctets, fields: list[Field]) -> Iterator[Run]:
        target = ""
        for one in fields:
            if _has_line(one):
                target = f"{prefix}o{one.span.start}d{one.depth}"
            if one.span.children:
                continue
            said = self._showing.meaning(one.span)
            hint = f"{one.span.start}: {one.breadcrumb}"
            yield Run(
                octets=self._showing.octets(mapped, one.span),
                kind=one.span.part,
                hint=f"{hint} = {said}" if said else hint,
                target=target,
                masked=self._showing.is_masked(one.span),
                differs=self._differs(mapped, one.span),
            )

    def _differs(self, mapped: MappedOctets, span: Span) -> bool:
        """Whether the span is, or is inside, what differs."""
        return span.end <= self._odd_ends.get((id(mapped), span.start), -1)


def _has_line(one: Field) -> bool:
    return one.span.part not in {Part.TAG, Part.LENGTH} and one.span.name is not Name.VALUE
