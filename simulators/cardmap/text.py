"""The map as lines for a terminal."""

from collections.abc import Iterator
from typing import Final

from simulators.cardmap.comparing import Comparison, Outcome, Row, title_of
from simulators.cardmap.showing import Field, Showing
from simulators.cardmap.spans import (
    CardMap,
    MappedCell,
    MappedDirectory,
    MappedFile,
    MappedOctets,
    Part,
    Span,
)
from simulators.cardmap.words import Label, Name

_OCTETS_A_LINE: Final = 24
_HEX_DIGITS: Final = 3  # two and a space
_MARGIN = " " * 6
_STEP = "  "


def map_lines(card: CardMap, showing: Showing, *, title: str) -> Iterator[str]:
    """Yield the whole map: the card's state, then every file octet for octet."""
    yield Label.OF.format(title)
    yield Label.UNMASKED_NOTE if showing.unmasked else Label.MASKED_NOTE
    yield ""
    yield Label.STATE
    for cell in card.cells:
        yield from _cell(cell, showing)
    for directory in card.directories:
        yield ""
        yield from _directory(directory, showing)


def comparison_lines(
    comparison: Comparison, showing: Showing, *, titles: tuple[str, str]
) -> Iterator[str]:
    """Yield the differences in the order of the tree, then the summary."""
    yield Label.COMPARED.format(*titles)
    for row in comparison.differences:
        yield f"{_outcome(row, titles)}: {' › '.join(row.path)}"
        yield from _both_values(row, showing, titles)
    yield summary(comparison, titles)
    yield Label.SECRETS_NOTE


def summary(comparison: Comparison, titles: tuple[str, str]) -> str:
    """Return one line with the number of fields of each outcome."""
    return Label.SUMMARY.format(
        comparison.count(Outcome.SAME),
        comparison.count(Outcome.DIFFERS),
        comparison.count(Outcome.ONLY_ONE),
        titles[0],
        comparison.count(Outcome.ONLY_OTHER),
        titles[1],
    )


def _both_values(row: Row, showing: Showing, titles: tuple[str, str]) -> Iterator[str]:
    if row.note is not None:
        yield f"{_STEP}{row.note}"
    elif row.one is not None and row.other is not None:
        values = showing.value(row.one), showing.value(row.other)
        if values != (Label.MASKED, Label.MASKED):
            yield from (f"{_STEP}{title}: {one}" for title, one in zip(titles, values, strict=True))


def _outcome(row: Row, titles: tuple[str, str]) -> str:
    if row.outcome is Outcome.ONLY_ONE:
        return Label.ONLY_FIRST.format(titles[0])
    if row.outcome is Outcome.ONLY_OTHER:
        return Label.ONLY_FIRST.format(titles[1])
    return row.outcome


def _cell(cell: MappedCell, showing: Showing) -> Iterator[str]:
    if cell.mapped is None:
        yield f"{_STEP}{title_of(cell)}: {cell.meaning}"
        return
    span = cell.mapped.span
    said = showing.meaning(span)
    yield f"{_STEP}{cell.name}{f': {said}' if said else ''}{_odd(span)} ({span.clause})"
    yield from _octets(cell.mapped, showing)


def _directory(directory: MappedDirectory, showing: Showing) -> Iterator[str]:
    yield directory.name
    yield from _control(directory.control, showing)
    for file in directory.files:
        yield ""
        yield from _file(file, showing)


def _file(file: MappedFile, showing: Showing) -> Iterator[str]:
    sfi = f"{file.sfi:02X}" if file.sfi else "–"
    size = Label.SIZE.format(len(file.mapped.content), file.limit)
    place = Label.FILE_ID.format(f"{file.fid:04X}", sfi)
    yield f"{_STEP}{file.name} · {place} · {size}{_odd(file.mapped.span)}"
    yield from _control(file.control, showing)
    yield from _octets(file.mapped, showing)


def _control(control: MappedOctets, showing: Showing) -> Iterator[str]:
    yield f"{_STEP * 2}{Label.SELECT_ANSWER} ({control.span.clause})"
    yield from _octets(control, showing)


def _octets(mapped: MappedOctets, showing: Showing) -> Iterator[str]:
    """Yield a title line for each object and piece, then its octets, tag | length | value."""
    if not mapped.span.children and mapped.content:
        yield from _run(0, mapped.span.start, showing.octets(mapped, mapped.span))
    clauses = {-1: mapped.span.clause}
    for field in showing.fields(mapped.span):
        span, depth = field.span, field.depth
        if span.name is Name.VALUE and depth == 0:
            yield from _run(0, span.start, showing.octets(mapped, span))
        if span.part in {Part.TAG, Part.LENGTH} or span.name is Name.VALUE:
            continue
        clauses[depth] = span.clause
        news = f" ({span.clause})" if span.clause not in {"", clauses[depth - 1]} else ""
        yield _title(field, showing) + news
        yield from _lines_of(field, mapped, showing)


def _title(field: Field, showing: Showing) -> str:
    span = field.span
    parts = [showing.title(span)]
    parts += [str(one.meaning) for one in span.children if one.part is Part.LENGTH and one.meaning]
    if said := showing.meaning(span):
        parts.append(str(said))
    shown = " · ".join(parts)
    return f"{_MARGIN}{_STEP * field.depth}{shown}{_odd(span)}"


def _lines_of(field: Field, mapped: MappedOctets, showing: Showing) -> Iterator[str]:
    span = field.span
    own = [one for one in span.children if one.part in {Part.TAG, Part.LENGTH}]
    own += [one for one in span.children if one.name is Name.VALUE]
    shown = " | ".join(showing.octets(mapped, one) for one in own or [span])
    yield from _run(field.depth, span.start, shown)


def _run(depth: int, start: int, shown: str) -> Iterator[str]:
    width = _OCTETS_A_LINE * _HEX_DIGITS
    lead = f"{start:05d} "
    while shown:
        cut = len(shown) if len(shown) <= width else shown.rindex(" ", 0, width)
        yield f"{lead}{_STEP * depth}{_STEP}{shown[:cut]}"
        shown, lead = shown[cut:].lstrip(), _MARGIN


def _odd(span: Span) -> str:
    return f" · ! {span.reason}" if span.reason else ""
