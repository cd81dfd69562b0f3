"""Two cards compared field by field."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from simulators.cardmap.reading import visible
from simulators.cardmap.spans import (
    CardMap,
    MappedCell,
    MappedFile,
    MappedOctets,
    Part,
    Phrase,
    Span,
)
from simulators.cardmap.words import Label, Name

T = TypeVar("T")


class Outcome(StrEnum):
    """What the comparison says of a field."""

    SAME = Label.SAME.value
    DIFFERS = Label.DIFFERS.value
    ONLY_ONE = "only in the first"
    ONLY_OTHER = "only in the second"


@dataclass(frozen=True, slots=True)
class Side:
    """A field on one of the cards. A secret has neither octets nor span, only a meaning."""

    mapped: MappedOctets | None = None
    span: Span | None = None
    meaning: Phrase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One field: its way through the tree, and what it is on each card.

    Attributes:
        note: why it differs, where the values do not say it.
    """

    path: tuple[str, ...]
    outcome: Outcome
    one: Side | None = None
    other: Side | None = None
    note: Label | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All fields of both cards in the order of the tree."""

    rows: tuple[Row, ...]

    @property
    def same(self) -> bool:
        """Whether everything but the secrets is alike, octet for octet."""
        return not self.differences

    @property
    def differences(self) -> tuple[Row, ...]:
        """The rows that are not the same."""
        return tuple(row for row in self.rows if row.outcome is not Outcome.SAME)

    def count(self, outcome: Outcome) -> int:
        """Return how many rows have that outcome."""
        return sum(row.outcome is outcome for row in self.rows)


def compare(one: CardMap, other: CardMap) -> Comparison:
    """Return what is the same and what is not.

    Of secrets only their presence is compared, of key sets also the version. Answers to SELECT
    follow from the files and are left out.
    """
    rows: list[Row] = []
    for here, there in zip(one.directories, other.directories, strict=True):
        for mine, its in _paired(here.files, there.files, lambda file: file.fid):
            present = mine or its
            title = (here.name, f"{present.fid:04X} {present.name}") if present else ()
            rows.extend(_files(title, mine, its))
    for cell, same_cell in _paired(one.cells, other.cells, lambda cell: cell.cell):
        rows.extend(_cells(cell, same_cell))
    return Comparison(tuple(rows))


def _files(path: tuple[str, ...], one: MappedFile | None, other: MappedFile | None) -> list[Row]:
    return _mapped(path, one.mapped if one else None, other.mapped if other else None)


def _cells(one: MappedCell | None, other: MappedCell | None) -> list[Row]:
    known = one or other
    if known is None:
        return []
    path = (title_of(known),)
    if known.mapped is not None:
        return _mapped(path, one.mapped if one else None, other.mapped if other else None)
    here = Side(meaning=one.meaning) if one else None
    there = Side(meaning=other.meaning) if other else None
    return [_row(path, here, there, equal=here == there)]


def title_of(cell: MappedCell) -> str:
    """Return what a cell is called; one nobody knows has only the name it has in the memory."""
    if cell.name is not Name.UNKNOWN_CELL:
        return cell.name
    return f"{cell.name} {visible(cell.cell)}"


def _mapped(
    path: tuple[str, ...], one: MappedOctets | None, other: MappedOctets | None
) -> list[Row]:
    here = Side(one, one.span) if one else None
    there = Side(other, other.span) if other else None
    rows = list(_spans(path, here, there))
    unlike = one and other and one.content != other.content
    if unlike and all(row.outcome is Outcome.SAME for row in rows):
        note = Label.ARRANGEMENT
        rows.insert(0, Row(path=path, outcome=Outcome.DIFFERS, one=here, other=there, note=note))
    return rows


def _spans(path: tuple[str, ...], one: Side | None, other: Side | None) -> Iterator[Row]:
    inside = _inside(one), _inside(other)
    if not all(inside):
        yield _row(path, one, other, equal=_octets(one) == _octets(other))
        return
    mine, its = (_numbered(spans) for spans in inside)
    for here, there in _paired(mine, its, lambda numbered: numbered[0]):
        name = here[0] if here else there[0] if there else ("", None, 0)
        yield from _spans(
            (*path, _title(name)),
            Side(one.mapped, here[1]) if here and one else None,
            Side(other.mapped, there[1]) if there and other else None,
        )


def _inside(side: Side | None) -> tuple[Span, ...]:
    """Return the fields inside a field, nothing when it is one that is not divided further."""
    if side is None or side.span is None:
        return ()
    inside = side.span.objects
    divided = any(span.part is not Part.VALUE for span in inside)
    return inside if divided else ()


_Key = tuple[str, int | None, int]


def _numbered(spans: Sequence[Span]) -> list[tuple[_Key, Span]]:
    """Give each span a key of its own: the second of a name and tag is number 2."""
    seen: dict[tuple[str, int | None], int] = {}
    numbered: list[tuple[_Key, Span]] = []
    for span in spans:
        kind = (span.name, span.tag)
        seen[kind] = seen.get(kind, 0) + 1
        numbered.append(((*kind, seen[kind]), span))
    return numbered


def _title(key: _Key) -> str:
    name, tag, count = key
    # An unknown tag may be a piece of a text that is no object at all.
    with_tag = name if tag is None or name == Name.UNKNOWN else f"{tag:02X} {name}"
    return f"{with_tag} ({count})" if count > 1 else with_tag


def _octets(side: Side | None) -> bytes | None:
    if side is None or side.mapped is None or side.span is None:
        return None
    return side.mapped.octets(side.span)


def _row(path: tuple[str, ...], one: Side | None, other: Side | None, *, equal: bool) -> Row:
    if one is None:
        outcome = Outcome.ONLY_OTHER
    elif other is None:
        outcome = Outcome.ONLY_ONE
    else:
        outcome = Outcome.SAME if equal else Outcome.DIFFERS
    return Row(path=path, outcome=outcome, one=one, other=other)


def _paired(
    ones: Sequence[T], others: Sequence[T], key: Callable[[T], Hashable]
) -> Iterator[tuple[T | None, T | None]]:
    """Yield what belongs together; what only the other has stands after what it follows there."""
    mine = {key(one): one for one in ones}
    its = {key(other): other for other in others}
    following: dict[Hashable, list[Hashable]] = {}
    last: Hashable = None
    for name in its:
        if name in mine:
            last = name
        else:
            following.setdefault(last, []).append(name)
    order = [name for before in (None, *mine) for name in (before, *following.get(before, ()))]
    for name in order[1:]:
        yield mine.get(name), its.get(name)
